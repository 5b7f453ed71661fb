using System.Runtime.CompilerServices;
using AwesomeAssertions;
using Platform.Domain.Tenants;

namespace Platform.Conformance;

/// <summary>
/// A tenant's id is its text: it is not compared member by member, for the workspace and the owner that it names are ids again, without
/// end.
/// </summary>
internal static class ComparedByValue
{
#pragma warning disable CA2255 // Test projects that use this one have no entry point of their own to call it from.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Configure() => AssertionConfiguration.Current.Equivalency.Modify(options => options.ComparingByValue<TenantId>());
}
