using System.Reflection;

namespace Platform.Architecture.Tests;

/// <summary>The layers of the design, checked on what the compiled assemblies really refer to.</summary>
public sealed class WhoMayKnowWhomTests
{
    /// <summary>Each project, and the projects of the house that it may know.</summary>
    public static TheoryData<string, string[]> Layers => new()
    {
        { "Platform.Domain", [] },
        { "Platform.Grains.Contracts", ["Platform.Domain"] },
        { "Platform.Grains", ["Platform.Domain", "Platform.Grains.Contracts"] },
        { "Platform.Storage", ["Platform.Domain"] },
        { "Platform.Upstreams", ["Platform.Domain"] },
        { "Platform.Media", ["Platform.Domain"] },
        { "Platform.Api", ["Platform.Domain", "Platform.Grains.Contracts"] },
        {
            "Platform.Host",
            ["Platform.Domain", "Platform.Grains.Contracts", "Platform.Grains", "Platform.Storage", "Platform.Upstreams", "Platform.Media", "Platform.Api"]
        },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Project_Compiled_KnowsOnlyWhomItMay(string project, string[] mayKnow)
    {
        var knows = Assembly.Load(project).GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => name.StartsWith("Platform.", StringComparison.Ordinal));

        knows.Should().BeSubsetOf(mayKnow);
    }

    [Fact]
    public void Layers_AllProjectsOfTheSource_AreListed()
    {
        var source = Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(Path.GetFileName);

        Layers.Select(row => (string)row[0]).Should().BeEquivalentTo(source);
    }

    [Fact]
    public void Domain_Compiled_NeedsNothingButTheRuntime()
    {
        var references = Assembly.Load("Platform.Domain").GetReferencedAssemblies().Select(a => a.Name!);

        references.Should().OnlyContain(name => name.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void Domain_ProjectFile_NamesNoPackageAndNoProject()
    {
        var project = File.ReadAllText(Path.Combine(Repository.Root, "src", "Platform.Domain", "Platform.Domain.csproj"));

        project.Should().NotContain("PackageReference").And.NotContain("ProjectReference");
    }

    // Orleans alone decides what is reached over the wire; everything else of the grains is theirs.
    [Fact]
    public void Grains_PublicTypes_AreTheirFaceOnly()
    {
        var exported = Assembly.Load("Platform.Grains").GetExportedTypes()
            .Where(type => !type.Namespace!.StartsWith("OrleansCodeGen", StringComparison.Ordinal))
            .Select(type => type.Name);

        exported.Should().BeEquivalentTo("GrainOptions", "GrainServices", "WebhookOptions", "IFaultPoints", "FaultPoint");
    }
}
