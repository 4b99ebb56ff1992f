using System.Reflection;
using AdminConsole.Core;
using Xunit.Sdk;

namespace AdminConsole.Tests;

/// <summary>Runs a theory on each database; values given are passed on after the provider.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnBothAttribute(params object[] values) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => Enum.GetValues<DatabaseProvider>().Select(provider => (object[])[provider, .. values]);
}
