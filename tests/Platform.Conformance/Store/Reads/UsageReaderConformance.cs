using Platform.Domain.Credits;
using Platform.Domain.Statements;
using Platform.Domain.Tasks;
using Platform.Domain.Usage;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="IUsageReader"/> must do.</summary>
public abstract class UsageReaderConformance : StoreConformance
{
    private static readonly DateOnly Day = new(2026, 11, 23);

    [Fact]
    public async Task ReadAsync_ByDay_CountsTasksWhereTheyEnded()
    {
        await FillAsync();

        (await ReadAsync(UsageDimensions.Day)).Should().Equal(
            Row(2, 1, 1, 0, 5, 2.00000001m) with { Day = Day },
            Row(3, 2, 0, 1, 10, 6.5m) with { Day = Day.AddDays(1) });
    }

    [Fact]
    public async Task ReadAsync_ByOtherDimensions_GroupsByEach()
    {
        await FillAsync();

        (await ReadAsync(UsageDimensions.None)).Should().Equal(Row(5, 3, 1, 1, 15, 8.50000001m));
        (await ReadAsync(UsageDimensions.Model | UsageDimensions.Quality)).Should().Equal(
            Row(2, 1, 1, 0, 5, 2.00000001m) with { Model = "model-a", Quality = "720p" },
            Row(3, 2, 0, 1, 10, 6.5m) with { Model = "model-b", Quality = "1080p" });
        (await ReadAsync(UsageDimensions.EndUser)).Should().Equal(
            Row(3, 2, 1, 0, 10, 5.00000001m),
            Row(2, 1, 0, 1, 5, 3.5m) with { EndUser = "u" });
        (await ReadAsync(UsageDimensions.Key | UsageDimensions.Day)).Should().Equal(
            Row(1, 1, 0, 0, 5, 2.00000001m) with { Day = Day, Key = "key_0" },
            Row(1, 0, 1, 0, 0, 0m) with { Day = Day, Key = "key_1" },
            Row(2, 1, 0, 1, 5, 3m) with { Day = Day.AddDays(1), Key = "key_0" },
            Row(1, 1, 0, 0, 5, 3.5m) with { Day = Day.AddDays(1), Key = "key_1" });
    }

    [Fact]
    public async Task ReadAsync_ByOrOfStatus_CountsUnfinishedTasksByTheirCreation()
    {
        await FillAsync();

        (await ReadAsync(UsageDimensions.Status)).Should().Equal(
            Row(2, 0, 0, 0, 0, 0m) with { Status = GenerationStatus.Pending },
            Row(3, 3, 0, 0, 15, 8.50000001m) with { Status = GenerationStatus.Completed },
            Row(1, 0, 1, 0, 0, 0m) with { Status = GenerationStatus.Failed },
            Row(1, 0, 0, 1, 0, 0m) with { Status = GenerationStatus.Cancelled });
        (await ReadAsync(UsageDimensions.Day, GenerationStatus.Pending)).Should().Equal(
            Row(1, 0, 0, 0, 0, 0m) with { Day = Day }, Row(1, 0, 0, 0, 0, 0m) with { Day = Day.AddDays(1) });
        (await ReadAsync(UsageDimensions.None, GenerationStatus.Completed)).Should().Equal(Row(3, 3, 0, 0, 15, 8.50000001m));
        (await ReadAsync(UsageDimensions.None, GenerationStatus.Processing)).Should().Equal(Row(0, 0, 0, 0, 0, 0m));
    }

    [Fact]
    public async Task ReadAsync_LimitAndOtherTenants_AreKept()
    {
        await FillAsync();

        (await Store.Reads.Usage.ReadAsync(Query(UsageDimensions.Day) with { Limit = 1 }, default)).Should().ContainSingle().Which.Day.Should().Be(Day);
        (await Store.Reads.Usage.ReadAsync(Query(UsageDimensions.Day) with { Tenant = Bob }, default)).Should()
            .Equal(Row(1, 1, 0, 0, 5, 7m) with { Day = Day });
        (await Store.Reads.Usage.ReadAsync(Query(UsageDimensions.Day) with { From = Noon.AddDays(9), To = Noon.AddDays(10) }, default)).Should().BeEmpty();
        (await Store.Reads.Usage.ReadAsync(Query(UsageDimensions.None) with { Tenant = new("ten_nobody") }, default)).Should().Equal(Row(0, 0, 0, 0, 0, 0m));
    }

    [Fact]
    public async Task ReadAsync_AnyPeriod_IsTheLedgersSettlements()
    {
        var anns = await new ManyTasks(Accounts, Ann).GrantAsync(89_000_000_000m, Noon);
        for (var i = 0; i < 40; i++)
        {
            await anns.AcceptAsync(i, Noon.AddHours(i), 1_000_000_000m + (i * 1.00000001m));
            await anns.ResolveAsync(i, i % 5 == 0 ? 0m : 999_999_999.00000001m + i, Noon.AddHours(i * 1.5).AddMilliseconds(i));
        }

        for (var hours = 0; hours < 70; hours += 7)
        {
            var (from, to) = (Noon.AddHours(hours), Noon.AddHours(hours * 2 + 0.5));
            var settled = await Store.Reads.Ledger.ListAsync(
                new LedgerQuery { Tenant = Ann, Limit = 1000, From = from, To = to, Kind = LedgerEntryKind.Settlement }, default);
            var rows = await Store.Reads.Usage.ReadAsync(
                Query(UsageDimensions.Day | UsageDimensions.Status) with { From = from, To = to, Status = GenerationStatus.Completed }, default);

            rows.Sum(r => r.CreditsUsed.Value).Should().Be(settled.Sum(e => e.Postings.Revenue.Value));
            rows.Sum(r => r.Tasks).Should().Be(settled.Count);
            foreach (var row in rows)
            {
                row.CreditsUsed.Value.Should().Be(
                    settled.Where(e => DateOnly.FromDateTime(e.At.UtcDateTime) == row.Day).Sum(e => e.Postings.Revenue.Value));
            }
        }
    }

    private static UsageQuery Query(UsageDimensions groupBy) => new()
    {
        Tenant = Ann,
        From = Noon.AddDays(-1),
        To = Noon.AddDays(3),
        GroupBy = groupBy,
        Limit = 1000,
    };

    private static UsageRow Row(long tasks, long completed, long failed, long cancelled, long seconds, decimal credits) => new()
    {
        Tasks = tasks,
        Completed = completed,
        Failed = failed,
        Cancelled = cancelled,
        SecondsBilled = seconds,
        CreditsUsed = CreditAmount.From(credits),
    };

    private Task<IReadOnlyList<UsageRow>> ReadAsync(UsageDimensions groupBy, GenerationStatus? status = null) =>
        Store.Reads.Usage.ReadAsync(Query(groupBy) with { Status = status }, default);

    private async Task FillAsync()
    {
        var midnight = Noon.AddHours(12);
        var anns = await new ManyTasks(Accounts, Ann).GrantAsync(1000m, Noon);
        await AcceptAsync(0, Noon, "model-a", "720p", null);
        await AcceptAsync(1, Noon, "model-a", "720p", null);
        await AcceptAsync(2, Noon, "model-b", "1080p", null);
        await AcceptAsync(3, Noon, "model-b", "1080p", "u");
        await AcceptAsync(4, Noon, "model-b", "1080p", "u");
        await AcceptAsync(5, Noon, "model-b", "1080p", "u");
        await AcceptAsync(6, midnight, "model-b", "1080p", "u");
        await anns.ResolveAsync(0, 2.00000001m, Noon.AddHours(1));
        await anns.ResolveAsync(1, 0m, midnight.AddMilliseconds(-1));
        await anns.ResolveAsync(2, 3m, midnight);
        await anns.ResolveAsync(3, 3.5m, midnight.AddHours(1));
        await anns.CancelAsync(4, midnight.AddHours(2));
        var bobs = await new ManyTasks(Accounts, Bob).GrantAsync(1000m, Noon);
        await bobs.AcceptAsync(0, Noon, 10m);
        await bobs.ResolveAsync(0, 7m, Noon);

        Task AcceptAsync(int number, DateTimeOffset at, string model, string quality, string? endUser) => anns.AcceptAsync(number, at, 10m, t => t with
        {
            ApiKeyId = $"key_{number % 2}",
            Request = t.Request with { Model = model, Quality = quality, EndUser = endUser },
        });
    }
}
