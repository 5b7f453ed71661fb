using System.Net;
using System.Text.RegularExpressions;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Contract;

/// <summary>The reference page: everything that it loads is here, and its policy allows nothing else.</summary>
[Collection(PlatformCollection.Name)]
public sealed partial class ReferencePageTests(TestPlatform platform)
{
    [Fact]
    public async Task Docs_LeadsToThePage()
    {
        using var response = await platform.Anonymous.GetAsync("/docs");
        response.StatusCode.Should().Be(HttpStatusCode.Redirect);
        new Uri(platform.Address, response.Headers.Location!).AbsolutePath.Should().Be("/docs/");
    }

    [Fact]
    public async Task Docs_Page_LoadsFromHereOnly()
    {
        var html = await platform.Anonymous.GetStringAsync("/docs/");
        html.Should().NotContain("http:").And.NotContain("https:", "it names no other host").And.NotMatch("*\"//*");
        var scripts = Source().Matches(html).Select(m => m.Groups["source"].Value).ToList();
        scripts.Should().NotBeEmpty();
        foreach (var script in scripts)
        {
            using var response = await platform.Anonymous.GetAsync(new Uri(new Uri(platform.Address, "/docs/"), script));
            response.StatusCode.Should().Be(HttpStatusCode.OK, "{0} is served from here", script);
        }
    }

    [Fact]
    public async Task Docs_Policy_LetsOnlyItsOwnScriptsRun_AndNamesThemAnewEachTime()
    {
        var nonces = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            using var response = await platform.Anonymous.GetAsync("/docs/");
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            policy.Should().StartWith("default-src 'none';").And.Contain("connect-src 'self'").And.NotContain("http");
            var nonce = Nonce().Match(policy).Groups["nonce"].Value;
            var html = await response.Content.ReadAsStringAsync();
            Script().Count(html).Should().BeGreaterThan(1).And.Be(html.Split($"nonce=\"{nonce}\"").Length - 1, "each script carries the nonce");
            nonces.Add(nonce);
        }

        nonces[0].Should().HaveLength(32).And.NotBe(nonces[1]);
    }

    [GeneratedRegex("<script[^>]* src=\"(?<source>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Source();

    [GeneratedRegex("<script[ >]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();

    [GeneratedRegex("'nonce-(?<nonce>[0-9a-f]+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Nonce();
}
