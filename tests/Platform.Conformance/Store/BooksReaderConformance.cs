using Platform.Domain.Credits;
using Platform.Domain.Tasks;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="IBooksReader"/> must do.</summary>
public abstract class BooksReaderConformance : StoreConformance
{
    [Fact]
    public async Task OpenAsync_NothingStored_IsCleanAndEmpty()
    {
        var report = await BooksAudit.RunAsync(Store.Books, 10, default);

        report.Should().BeEquivalentTo(new AuditReport(0, 0, 0, []));
    }

    [Fact]
    public async Task Rows_OfAllKinds_AreAsTheyWereCommitted()
    {
        var account = await GrantAsync(Ann);
        var completed = Units.Accept(account, Samples.TaskId(1), 40m, Noon);
        account = await CommitAsync(completed);
        account = await CommitAsync(Units.Resolve(account, completed.Accepted[0].Task, 30m, Noon.AddMinutes(1)));
        account = await CommitAsync(Units.Accept(account, Samples.TaskId(2), 7.5m, Noon));
        await GrantAsync(Bob, 5m);

        await using var books = await Store.Books.OpenAsync(default);

        (await ListAsync(books.AccountsAsync(default))).Should().Equal(
            new AccountRow(Ann, 5, CreditAmount.From(962.5m), CreditAmount.From(7.5m), CreditAmount.From(30m), CreditAmount.From(962.5m)),
            new AccountRow(Bob, 1, CreditAmount.From(5m), CreditAmount.Zero, CreditAmount.Zero, CreditAmount.From(5m)));
        (await ListAsync(books.EntriesAsync(Ann, default))).Should().Equal((await Accounts.ListEntriesAsync(Ann, null, 100, default)).Reverse());
        (await ListAsync(books.TasksAsync(Ann, default))).Should().BeEquivalentTo(
        [
            new TaskBooks(
                Samples.TaskId(1),
                GenerationStatus.Completed,
                CreditAmount.From(40m),
                CreditAmount.From(30m),
                new(CreditAmount.From(40m), IsOpen: false, CreditAmount.From(30m), CreditAmount.From(10m)),
                new(Samples.TaskId(1), GenerationStatus.Completed, CreditAmount.From(30m), CreditAmount.From(10m), 5, Noon.AddMinutes(1)),
                1),
            new TaskBooks(
                Samples.TaskId(2),
                GenerationStatus.Pending,
                CreditAmount.From(7.5m),
                null,
                new(CreditAmount.From(7.5m), IsOpen: true, CreditAmount.Zero, CreditAmount.Zero),
                null,
                0),
        ]);
        (await ListAsync(books.TasksAsync(Bob, default))).Should().BeEmpty();
    }

    [Fact]
    public async Task OpenAsync_CommitsGoOn_ShowsTheStateAtTheStart()
    {
        var account = await GrantAsync(Ann);
        account = await CommitAsync(Units.Accept(account, Samples.TaskId(1), 40m, Noon));
        await using var books = await Store.Books.OpenAsync(default);

        for (var i = 2; i < 9; i++)
        {
            account = await CommitAsync(Units.Accept(account, Samples.TaskId(i), 1m, Noon));
        }

        await GrantAsync(Bob);

        (await ListAsync(books.AccountsAsync(default))).Should().ContainSingle().Which.Version.Should().Be(2);
        (await ListAsync(books.EntriesAsync(Ann, default))).Should().HaveCount(2);
        (await ListAsync(books.TasksAsync(Ann, default))).Should().ContainSingle();
    }

    [Fact]
    public async Task RunAsync_WhileManyCommit_IsCleanAtEveryMoment()
    {
        var writing = Task.Run(async () =>
        {
            var account = await GrantAsync(Ann);
            for (var i = 0; i < 60; i++)
            {
                var accept = Units.Accept(account, Samples.TaskId(i), 1m, Noon);
                account = await CommitAsync(accept);
                account = await CommitAsync(Units.Resolve(account, accept.Accepted[0].Task, i % 2, Noon));
            }
        });
        do
        {
            (await BooksAudit.RunAsync(Store.Books, 10, default)).Findings.Should().BeEmpty();
        }
        while (!writing.IsCompleted);

        await writing;
        var report = await BooksAudit.RunAsync(Store.Books, 10, default);
        report.Should().BeEquivalentTo(new AuditReport(1, 121, 60, []));
    }

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> rows)
    {
        var list = new List<T>();
        await foreach (var row in rows)
        {
            list.Add(row);
        }

        return list;
    }
}
