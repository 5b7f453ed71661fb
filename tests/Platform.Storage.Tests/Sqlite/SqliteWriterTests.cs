using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Platform.Conformance.Store;
using Platform.Domain;
using Platform.Domain.Credits;
using Platform.Domain.Tenants;
using Platform.Storage.Sqlite;

namespace Platform.Storage.Tests.Sqlite;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly SqliteFile _file = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _file.DisposeAsync();

    [Fact]
    public async Task CommitAsync_ManyWaiting_ShareFewTransactions()
    {
        var store = await _file.OpenAsync(o => o.GroupSize = 16);
        using var meter = new Meters(_file.Services);
        using var gate = new Gate(Engine);
        var commits = Enumerable.Range(0, 40)
            .Select(i => store.Accounts.CommitAsync(Units.Grant(Account.Open(new TenantId($"ten_{i}")), "g", 1m, Noon), default))
            .ToArray();
        var stale = store.Accounts.CommitAsync(Units.Grant(Account.Open(new TenantId("ten_0")), "h", 1m, Noon), default);

        gate.Open();

        (await Task.WhenAll(commits)).Should().AllBeOfType<CommitOutcome.Committed>();
        (await stale).Should().Be(new CommitOutcome.Lost(Fence.AccountVersion, "ten_0"));
        meter["platform.storage.units"].Should().Be(42, "the gate is one");
        meter["platform.storage.commits"].Should().Be(4, "the gate alone, then 41 in groups of at most 16");
        meter["platform.storage.units_lost"].Should().Be(1);
        meter["platform.storage.groups_redone"].Should().Be(0);
    }

    [Fact]
    public async Task CommitAsync_OneOfAGroupBreaksAConstraint_GroupIsRedoneOneByOne()
    {
        var store = await _file.OpenAsync();
        using var meter = new Meters(_file.Services);
        using var gate = new Gate(Engine);
        var units = Enumerable.Range(0, 10).Select(i => Units.Grant(Account.Open(new TenantId($"ten_{i}")), "g", 1m, Noon)).ToArray();
        units[4] = units[4] with { After = units[4].After with { Held = CreditAmount.From(-1m) } };
        var commits = units.Select(u => store.Accounts.CommitAsync(u, default)).ToArray();

        gate.Open();

        await commits[4].Invoking(c => c).Should().ThrowAsync<StorageException>().WithMessage("*CHECK*held*");
        (await Task.WhenAll(commits.Where((_, i) => i != 4))).Should().AllBeOfType<CommitOutcome.Committed>();
        meter["platform.storage.groups_redone"].Should().Be(1);
        meter["platform.storage.units"].Should().Be(10, "nine and the gate");
    }

    [Fact]
    public async Task DisposeAsync_UnitsWait_WritesThemFirst()
    {
        var store = await _file.OpenAsync();
        using var gate = new Gate(Engine);
        var commits = Enumerable.Range(0, 20)
            .Select(i => store.Accounts.CommitAsync(Units.Grant(Account.Open(new TenantId($"ten_{i}")), "g", 1m, Noon), default))
            .ToArray();
        var disposing = ((ServiceProvider)_file.Services).DisposeAsync();

        gate.Open();
        await disposing;

        commits.Should().OnlyContain(c => c.IsCompletedSuccessfully);
        var late = () => store.Accounts.CommitAsync(Units.Grant(Account.Open(new TenantId("ten_x")), "g", 1m, Noon), default);
        await late.Should().ThrowAsync<ObjectDisposedException>();
        store = await _file.OpenAsync();
        (await store.Accounts.LoadAsync(new TenantId("ten_19"), default)).Version.Should().Be(1);
    }

    [Fact]
    public async Task ReadAsync_OnAGrainsScheduler_RunsElsewhere()
    {
        await _file.OpenAsync();
        var scheduler = new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler;

        var ran = await Task.Factory.StartNew(
            () => Engine.ReadAsync(0, static (_, _) => TaskScheduler.Current, default), default, TaskCreationOptions.None, scheduler).Unwrap();

        ran.Should().BeSameAs(TaskScheduler.Default);
    }

    [Fact]
    public async Task ReadAsync_MoreThanReaders_AllAreServed()
    {
        var store = await _file.OpenAsync(o => o.Readers = 1);
        await store.Accounts.CommitAsync(Units.Grant(Account.Open(new TenantId("ten_a")), "g", 1m, Noon), default);

        var loads = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => store.Accounts.LoadAsync(new TenantId("ten_a"), default))));

        loads.Should().OnlyContain(a => a.Version == 1);
    }

    [Fact]
    public async Task CommitAsync_FileCannotBeOpened_ThrowsAndGoesOnOnceItCan()
    {
        await using var services = new ServiceCollection().AddSqliteStore(o => o.Path = _file.Path).BuildServiceProvider();
        var accounts = services.GetRequiredService<IAccountStore>();
        var unit = Units.Grant(Account.Open(new TenantId("ten_a")), "g", 1m, Noon);

        var act = () => accounts.CommitAsync(unit, default);
        await act.Should().ThrowAsync<StorageException>().WithMessage("*no such table*");

        await services.GetRequiredService<IStoreMaintenance>().MigrateAsync(default);
        (await accounts.CommitAsync(unit, default)).Should().Be(new CommitOutcome.Committed());
    }

    [Fact]
    public async Task CommitAsync_LogGrows_IsCopiedAndStartsOverWhileWritesGoOn()
    {
        var store = await _file.OpenAsync(o => o.CheckpointPages = 100);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var tenants = 0;

        // The header of the log counts how often it started over; only a log that is copied to its end does.
        do
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.Accounts.CommitAsync(
                Units.Grant(Account.Open(new TenantId($"ten_{Interlocked.Increment(ref tenants)}")), "g", 1m, Noon), default)));
        }
        while (TimesStartedOver() < 2);

        (await BooksAudit.RunAsync(store.Books, 10, default)).Should().BeEquivalentTo(new AuditReport(tenants, tenants, 0, []));
        store = await _file.OpenAsync();
        (await BooksAudit.RunAsync(store.Books, 10, default)).Accounts.Should().Be(tenants);
    }

    private int TimesStartedOver()
    {
        using var log = new FileStream(_file.Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var header = new byte[32];
        return log.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length
            ? 0
            : System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(12));
    }

    private SqliteEngine Engine => _file.Services.GetRequiredService<SqliteEngine>();

    /// <summary>Keeps the writer inside a transaction, so that what comes meanwhile waits together.</summary>
    private sealed class Gate : IDisposable
    {
        private readonly ManualResetEventSlim _open = new();

        public Gate(SqliteEngine engine)
        {
            using var entered = new ManualResetEventSlim();
            _ = engine.WriteAsync(
                _ =>
                {
                    entered.Set();
                    return _open.Wait(TimeSpan.FromSeconds(30));
                },
                default);
            entered.Wait(TimeSpan.FromSeconds(30)).Should().BeTrue();
        }

        public void Open() => _open.Set();

        public void Dispose() => Open();
    }

    private sealed class Meters : IDisposable
    {
        private readonly Dictionary<string, long> _sums = new(StringComparer.Ordinal);
        private readonly MeterListener _listener = new();

        public Meters(IServiceProvider services)
        {
            // Tests run side by side; each store has a meter of its own.
            var factory = services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Platform.Storage" && ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
            {
                lock (_sums)
                {
                    _sums[instrument.Name] = _sums.GetValueOrDefault(instrument.Name) + value;
                }
            });
            _listener.Start();
        }

        public long this[string name]
        {
            get
            {
                lock (_sums)
                {
                    return _sums.GetValueOrDefault(name);
                }
            }
        }

        public void Dispose() => _listener.Dispose();
    }
}
