using System.Reflection;
using AdminConsole.Core.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace AdminConsole.Tests;

/// <summary>Runs a theory on each database. Values are passed on after the provider.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnBothAttribute(params object[] values) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([
            .. Enum.GetValues<DatabaseProvider>().Select(provider => new TheoryDataRow([provider, .. values])),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
