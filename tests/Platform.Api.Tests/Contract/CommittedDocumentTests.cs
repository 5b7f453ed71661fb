using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Contract;

/// <summary>The committed copy of the document, by which a change of the contract shows in review.</summary>
[Collection(PlatformCollection.Name)]
public sealed class CommittedDocumentTests(TestPlatform platform)
{
    /// <summary>The copy, from the root of the repository.</summary>
    public const string Copy = "docs/api/openapi.json";

    // Set to any value, the test writes the copy instead of comparing.
    private const string Renew = "RENEW_OPENAPI";

    [Fact]
    public async Task Document_IsTheCommittedOne()
    {
        var served = await platform.Anonymous.GetStringAsync("/openapi/v1.json");
        var path = Path.Combine(Repository(), Copy);
        if (Environment.GetEnvironmentVariable(Renew) is not null)
        {
            await File.WriteAllTextAsync(path, served);
        }

        var committed = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        (committed == served).Should().BeTrue(
            "{0} is the served document; renew it with {1}=1 dotnet test tests/Platform.Api.Tests --filter {2}, and review the difference. {3}",
            Copy,
            Renew,
            nameof(CommittedDocumentTests),
            FirstDifference(committed, served));
    }

    /// <summary>The root of the repository.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    private static string FirstDifference(string committed, string served)
    {
        var (old, now) = (committed.Split('\n'), served.Split('\n'));
        var line = old.Zip(now).TakeWhile(p => p.First == p.Second).Count();
        return $"Line {line + 1}: committed '{old.ElementAtOrDefault(line)}', served '{now.ElementAtOrDefault(line)}'";
    }
}
