using Platform.Domain.Credits;
using Platform.Domain.Statements;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="ILedgerReader"/> must do.</summary>
public abstract class LedgerReaderConformance : StoreConformance
{
    [Fact]
    public async Task ListAsync_Filters_ShowsWhatMatchesAllNewestFirst()
    {
        await FillAsync();
        var all = await Accounts.ListEntriesAsync(Ann, null, 1000, default);

        (await ListAsync(All)).Should().Equal(all);
        foreach (var kind in Enum.GetValues<LedgerEntryKind>())
        {
            (await ListAsync(All with { Kind = kind })).Should().Equal(all.Where(e => e.Kind == kind)).And.NotBeEmpty();
        }

        var (from, to) = (Noon.AddSeconds(1), Noon.AddMinutes(1));
        (await ListAsync(All with { From = from, To = to })).Should().Equal(all.Where(e => e.At >= from && e.At < to)).And.HaveCount(3);
        (await ListAsync(All with { From = from, To = to, Kind = LedgerEntryKind.Hold })).Should().HaveCount(3);
        (await ListAsync(All with { From = from, To = to, Kind = LedgerEntryKind.Grant })).Should().BeEmpty();
        (await ListAsync(All with { Tenant = new("ten_nobody") })).Should().BeEmpty();
    }

    [Fact]
    public async Task ListAsync_OfATask_ShowsAllOfItsEntriesAndNoOthers()
    {
        await FillAsync();

        var entries = await ListAsync(All with { TaskId = Samples.TaskId(1) });

        entries.Select(e => e.Kind).Should().Equal(
            LedgerEntryKind.Expiry, LedgerEntryKind.Release, LedgerEntryKind.Settlement, LedgerEntryKind.Hold);
        entries.Should().OnlyContain(e => e.TaskId == Samples.TaskId(1));
        (await ListAsync(All with { TaskId = Samples.TaskId(1), Kind = LedgerEntryKind.Expiry })).Should().Equal(entries[0]);
        (await ListAsync(All with { TaskId = Samples.TaskId(9) })).Should().BeEmpty("it is Bob's");
    }

    [Fact]
    public async Task ListAsync_PagesWhileEntriesAreAdded_ShowsEachOnce()
    {
        var anns = await FillAsync();
        var all = await Accounts.ListEntriesAsync(Ann, null, 1000, default);
        var read = new List<LedgerEntry>();
        var query = All with { Limit = 2 };
        while (await ListAsync(query) is { Count: > 0 } page)
        {
            read.AddRange(page);
            query = query with { Before = page[^1].Sequence };
            await anns.AdjustAsync(1m, Noon.AddDays(2));
        }

        read.Should().Equal(all);
    }

    private static LedgerQuery All => new() { Tenant = Ann, Limit = 1000 };

    private Task<IReadOnlyList<LedgerEntry>> ListAsync(LedgerQuery query) => Store.Reads.Ledger.ListAsync(query, default);

    // The credits of the hold that comes back have expired meanwhile.
    private async Task<ManyTasks> FillAsync()
    {
        var anns = await new ManyTasks(Accounts, Ann).GrantAsync(10m, Noon, Noon.AddMinutes(5));
        await anns.AcceptAsync(1, Noon.AddSeconds(1), 10m);
        await anns.GrantAsync(100m, Noon);
        await anns.AcceptAsync(2, Noon.AddSeconds(2), 10m);
        await anns.AcceptAsync(3, Noon.AddSeconds(3), 10m);
        await anns.AdjustAsync(-1.5m, Noon.AddMinutes(1));
        await anns.ResolveAsync(1, 4m, Noon.AddMinutes(10));
        await anns.ResolveAsync(2, 10m, Noon.AddMinutes(11));
        var bobs = await new ManyTasks(Accounts, Bob).GrantAsync(100m, Noon);
        await bobs.AcceptAsync(9, Noon, 10m);
        return anns;
    }
}
