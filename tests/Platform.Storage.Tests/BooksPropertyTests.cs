using CsCheck;
using Platform.Conformance.Store;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Storage.Memory;
using Platform.Storage.Tests.Memory;
using Platform.Storage.Tests.Sqlite;

namespace Platform.Storage.Tests;

/// <summary>Random scripts of account commands against the model, and clean books after them.</summary>
public sealed class BooksPropertyTests
{
    [Fact]
    public Task RandomScripts_InMemory_MatchTheModelAndLeaveCleanBooks() =>
        BooksScript.Steps.SampleAsync(steps => RunAndAuditAsync(new MemoryStore(), steps), iter: 300);

    [Fact]
    public async Task RandomScripts_InSqlite_MatchTheModelAndLeaveCleanBooks()
    {
        await using var file = new SqliteFile();
        var store = await file.OpenAsync();
        var number = 0;

        // All in one file, each as a tenant of its own, some at once: their units meet in groups.
        await BooksScript.Steps.SampleAsync(
            steps => new BooksScript(store, new TenantId($"ten_{Interlocked.Increment(ref number)}")).RunAsync(steps), iter: 60, threads: 4);

        var report = await BooksAudit.RunAsync(store.Books, 10, default);
        report.Findings.Should().BeEmpty();
        report.Accounts.Should().BeGreaterThan(30);
        report.Tasks.Should().BeGreaterThan(60);
    }

    internal static async Task RunAndAuditAsync(MemoryStore memory, IEnumerable<BooksStep> steps)
    {
        var store = Memories.Open(memory);
        await new BooksScript(store, new TenantId("ten_a")).RunAsync(steps);
        (await BooksAudit.RunAsync(store.Books, 10, default)).Findings.Should().BeEmpty();
    }
}
