using Platform.Domain.Credits;

namespace Platform.Host.Verbs;

/// <summary><c>platform verify</c>: recounts all money from the postings. Exit code 0 for clean books, 1 otherwise.</summary>
internal static class VerifyVerb
{
    private const int MaxFindings = 100;

    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, CancellationToken cancellationToken)
    {
        var report = await BooksAudit.RunAsync(services.GetRequiredService<IBooksReader>(), MaxFindings, cancellationToken);
        foreach (var finding in report.Findings)
        {
            await output.WriteLineAsync($"invariant {finding.Invariant}: {finding.Tenant} {finding.Subject}: {finding.Message}");
        }

        var counted = $"{report.Accounts} accounts, {report.Entries} entries, {report.Tasks} tasks";
        await output.WriteLineAsync(report.IsClean
            ? $"clean: {counted}"
            : $"NOT CLEAN: {report.Findings.Count} findings in {counted}");
        return report.IsClean ? 0 : 1;
    }
}
