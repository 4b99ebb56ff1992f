using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.HtmlRendering.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;

namespace AdminConsole.Tests.Components;

/// <summary>Renders a component and counts the frames that the server keeps for each open page.</summary>
internal sealed class FrameCounter(IServiceProvider services) : StaticHtmlRenderer(services, NullLoggerFactory.Instance)
{
    public Task<int> CountAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent =>
        Dispatcher.InvokeAsync(async () =>
        {
#pragma warning disable BL0006 // Only counts frames; listed in docs/internals.md.
            var component = (T)InstantiateComponent(typeof(T));
            var id = AssignRootComponentId(component);
            await RenderRootComponentAsync(id, ParameterView.FromDictionary(parameters));
            return GetCurrentRenderTreeFrames(id).Count;
#pragma warning restore BL0006
        });
}
