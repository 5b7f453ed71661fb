namespace Platform.Cluster.Tests.Providers;

/// <summary>Each statement of the reminders' provider.</summary>
public sealed class ReminderTests(ProviderDatabase database) : IClassFixture<ProviderDatabase>
{
    private static readonly DateTime Start = new(2026, 11, 24, 10, 0, 0, DateTimeKind.Utc);

    private static int _services;

    private readonly string _service = $"service-{Interlocked.Increment(ref _services)}";

    [Fact]
    public async Task Upsert_New_HasVersionZero()
    {
        (await UpsertAsync("sweeper/1", "sweep")).Should().Be(0);

        (await RowAsync("sweeper/1", "sweep")).Should().Equal(new Dictionary<string, object?>
        {
            ["grainid"] = "sweeper/1",
            ["remindername"] = "sweep",
            ["starttime"] = Start,
            ["period"] = 60_000L,
            ["version"] = 0,
        });
    }

    [Fact]
    public async Task Upsert_There_ReplacesItAndRaisesTheVersion()
    {
        await UpsertAsync("sweeper/1", "sweep");

        (await UpsertAsync("sweeper/1", "sweep", period: 90_000, start: Start.AddHours(1))).Should().Be(1);

        var row = await RowAsync("sweeper/1", "sweep");
        row["Period"].Should().Be(90_000L);
        row["StartTime"].Should().Be(Start.AddHours(1));
        row["Version"].Should().Be(1);
    }

    [Fact]
    public async Task Upsert_ManyAtOnce_GivesEachAVersionOfItsOwn()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => UpsertAsync("sweeper/1", "sweep")));

        versions.Order().Should().Equal(Enumerable.Range(0, 8));
    }

    [Fact]
    public async Task ReadRows_Grain_GivesItsRemindersOnly()
    {
        await UpsertAsync("sweeper/1", "a");
        await UpsertAsync("sweeper/1", "b");
        await UpsertAsync("sweeper/2", "c");

        (await NamesAsync("ReadReminderRowsKey", new { ServiceId = _service, GrainId = "sweeper/1" })).Should().Equal("a", "b");
    }

    [Fact]
    public async Task ReadRow_Absent_GivesNothing()
    {
        await UpsertAsync("sweeper/1", "a");

        (await NamesAsync("ReadReminderRowKey", new { ServiceId = _service, GrainId = "sweeper/1", ReminderName = "b" })).Should().BeEmpty();
    }

    [Fact]
    public async Task ReadRange1_Hashes_BeginIsOutsideAndEndInside()
    {
        await OnTheRingAsync();

        (await NamesAsync("ReadRangeRows1Key", new { ServiceId = _service, BeginHash = -5, EndHash = 5 })).Should().Equal("0", "5");
    }

    [Fact]
    public async Task ReadRange2_Hashes_GoesOverTheEndOfTheRing()
    {
        await OnTheRingAsync();

        (await NamesAsync("ReadRangeRows2Key", new { ServiceId = _service, BeginHash = 5, EndHash = -5 }))
            .Should().Equal("-2147483648", "-5", "2147483647");
    }

    [Fact]
    public async Task ReadRange2_SameBounds_GivesTheWholeRing()
    {
        await OnTheRingAsync();

        (await NamesAsync("ReadRangeRows2Key", new { ServiceId = _service, BeginHash = 0, EndHash = 0 })).Should().HaveCount(5);
    }

    [Fact]
    public async Task Ranges_AnotherService_AreEmpty()
    {
        await OnTheRingAsync();

        (await NamesAsync("ReadRangeRows1Key", new { ServiceId = "another", BeginHash = int.MinValue, EndHash = int.MaxValue })).Should().BeEmpty();
        (await NamesAsync("ReadRangeRows2Key", new { ServiceId = "another", BeginHash = 0, EndHash = 0 })).Should().BeEmpty();
    }

    [Fact]
    public async Task DeleteRow_ItsVersion_DeletesIt()
    {
        await UpsertAsync("sweeper/1", "a");
        await UpsertAsync("sweeper/1", "a");
        await UpsertAsync("sweeper/1", "b");

        (await DeleteAsync("a", version: 0)).Should().Be(0);
        (await DeleteAsync("a", version: 1)).Should().Be(1);
        (await DeleteAsync("a", version: 1)).Should().Be(0);

        (await NamesAsync("ReadReminderRowsKey", new { ServiceId = _service, GrainId = "sweeper/1" })).Should().Equal("b");
    }

    [Fact]
    public async Task DeleteRows_Service_DeletesAllOfItAndNoOthers()
    {
        await UpsertAsync("sweeper/1", "a");
        var other = new ReminderTests(database);
        await other.UpsertAsync("sweeper/1", "a");

        await database.AskAsync("DeleteReminderRowsKey", new { ServiceId = _service });

        (await NamesAsync("ReadReminderRowsKey", new { ServiceId = _service, GrainId = "sweeper/1" })).Should().BeEmpty();
        (await other.RowAsync("sweeper/1", "a"))["Version"].Should().Be(0);
    }

    private async Task OnTheRingAsync()
    {
        foreach (var hash in (int[])[int.MinValue, -5, 0, 5, int.MaxValue])
        {
            await UpsertAsync($"grain/{hash}", $"{hash}", hash);
        }
    }

    private async Task<int> UpsertAsync(string grain, string name, int hash = 7, long period = 60_000, DateTime? start = null) =>
        (int)(await database.AskForOneAsync("UpsertReminderRowKey", new
        {
            ServiceId = _service,
            GrainId = grain,
            ReminderName = name,
            StartTime = start ?? Start,
            Period = period,
            GrainHash = hash,
        }))!;

    private async Task<int> DeleteAsync(string name, int version) => (int)(await database.AskForOneAsync(
        "DeleteReminderRowKey", new { ServiceId = _service, GrainId = "sweeper/1", ReminderName = name, Version = version }))!;

    private async Task<IReadOnlyDictionary<string, object?>> RowAsync(string grain, string name) =>
        (await database.AskAsync("ReadReminderRowKey", new { ServiceId = _service, GrainId = grain, ReminderName = name }))
            .Should().ContainSingle().Subject;

    private async Task<List<string>> NamesAsync(string key, object parameters) =>
        [.. (await database.AskAsync(key, parameters)).Select(r => (string)r["ReminderName"]!).Order(StringComparer.Ordinal)];
}
