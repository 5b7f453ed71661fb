using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

/// <summary>Rules of the house that no compiler checks.</summary>
public sealed partial class HouseRulesTests
{
    private static readonly string[] Folders = ["src", "tests", "bench"];

    [Fact]
    public void PackageReferences_AllProjects_TakeTheirVersionFromOnePlace()
    {
        Projects().Should().OnlyContain(path => !VersionAttribute().IsMatch(File.ReadAllText(path)));
    }

    [Fact]
    public void PackageVersions_All_AreExact()
    {
        var versions = File.ReadAllText(Path.Combine(Repository.Root, "Directory.Packages.props"));

        FloatingVersion().IsMatch(versions).Should().BeFalse("a version with '*' or a range is another one tomorrow");
    }

    [Fact]
    public void LockFiles_AllProjects_AreThere()
    {
        Projects().Should().OnlyContain(path => File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "packages.lock.json")));
    }

    // Money never passes through binary floating point.
    [Fact]
    public void Source_LinesThatSpeakOfMoney_UseNoBinaryFloatingPoint()
    {
        var lines = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(IsSource)
            .SelectMany(path => File.ReadLines(path).Select((line, i) => (Where: $"{Path.GetFileName(path)}:{i + 1}", Line: line)))
            .Where(l => !l.Line.TrimStart().StartsWith("//", StringComparison.Ordinal))
            .Where(l => FloatingPoint().IsMatch(l.Line) && Money().IsMatch(l.Line));

        lines.Should().BeEmpty();
    }

    private static IEnumerable<string> Projects() => Folders
        .Select(folder => Path.Combine(Repository.Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories));

    private static bool IsSource(string path) =>
        !path.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj");

    [GeneratedRegex("<PackageReference[^>]* Version=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionAttribute();

    [GeneratedRegex("Version=\"[^\"]*[*\\[(,][^\"]*\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FloatingVersion();

    [GeneratedRegex(@"\b(double|float)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FloatingPoint();

    [GeneratedRegex("credit|price|amount|balance|reserv|settle", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Money();
}
