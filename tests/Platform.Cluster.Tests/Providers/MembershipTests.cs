namespace Platform.Cluster.Tests.Providers;

/// <summary>Each statement of the clustering provider.</summary>
public sealed class MembershipTests(ProviderDatabase database) : IClassFixture<ProviderDatabase>
{
    private const int Joining = 2;
    private const int Active = 3;
    private const int Dead = 6;

    private static readonly DateTime Start = new(2026, 11, 24, 10, 0, 0, DateTimeKind.Utc);

    private static int _deployments;

    // Each test has a deployment of its own.
    private readonly string _deployment = $"deployment-{Interlocked.Increment(ref _deployments)}";

    [Fact]
    public async Task InsertVersion_Absent_CreatesZero()
    {
        (await CreateAsync()).Should().Be(1);

        (await VersionAsync()).Should().Be(0);
    }

    [Fact]
    public async Task InsertVersion_There_ChangesNothing()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);

        (await CreateAsync()).Should().Be(0);

        (await VersionAsync()).Should().Be(1);
    }

    [Fact]
    public async Task InsertVersion_ManyAtOnce_OneCreates()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => CreateAsync()));

        made.Sum().Should().Be(1);
    }

    [Fact]
    public async Task ReadAll_NoDeployment_GivesNothing() => (await ReadAllAsync()).Should().BeEmpty();

    [Fact]
    public async Task ReadAll_NoSilo_GivesOneRowOfNullsWithTheVersion()
    {
        await CreateAsync();

        var row = (await ReadAllAsync()).Should().ContainSingle().Subject;
        row["DeploymentId"].Should().Be(_deployment);
        row["Version"].Should().Be(0);
        row.Where(c => c.Key is not ("deploymentid" or "version")).Should().HaveCount(10).And.OnlyContain(c => c.Value == null);
    }

    [Fact]
    public async Task ReadAll_Silos_GivesEachWithAllColumns()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);
        await JoinAsync(2, version: 1);
        await UpdateAsync(2, Active, version: 2, suspects: "somebody");

        var rows = await ReadAllAsync();

        rows.Should().HaveCount(2).And.OnlyContain(r => (int)r["Version"]! == 3);
        var silo = rows.Single(r => (int)r["Generation"]! == 2);
        silo.Should().Equal(new Dictionary<string, object?>
        {
            ["deploymentid"] = _deployment,
            ["address"] = "127.0.0.1",
            ["port"] = 11111,
            ["generation"] = 2,
            ["siloname"] = "silo",
            ["hostname"] = "host",
            ["status"] = Active,
            ["proxyport"] = 30000,
            ["suspecttimes"] = "somebody",
            ["starttime"] = Start,
            ["iamalivetime"] = Start.AddMinutes(1),
            ["version"] = 3,
        });
    }

    [Fact]
    public async Task ReadRow_There_GivesThatSilo()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);
        await JoinAsync(2, version: 1);

        var row = (await ReadRowAsync(2)).Should().ContainSingle().Subject;
        row["Generation"].Should().Be(2);
        row["Version"].Should().Be(2);
    }

    [Fact]
    public async Task ReadRow_Absent_GivesTheVersion()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);

        var row = (await ReadRowAsync(7)).Should().ContainSingle().Subject;
        row["Address"].Should().BeNull();
        row["Version"].Should().Be(1);
    }

    [Fact]
    public async Task Insert_LastVersion_AddsTheSiloAndRaisesIt()
    {
        await CreateAsync();

        (await JoinAsync(1, version: 0)).Should().Be(1);

        (await StateAsync()).Should().Be("version 1: 1 is 2");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Insert_AnotherVersion_DoesNeither(int version)
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);

        (await JoinAsync(2, version)).Should().Be(0);

        (await StateAsync()).Should().Be("version 1: 1 is 2");
    }

    [Fact]
    public async Task Insert_SiloThatIsThere_DoesNeither()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);

        (await JoinAsync(1, version: 1)).Should().Be(0);

        (await StateAsync()).Should().Be("version 1: 1 is 2");
    }

    [Fact]
    public async Task Insert_NoDeployment_DoesNothing()
    {
        (await JoinAsync(1, version: 0)).Should().Be(0);

        (await ReadAllAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Insert_ManyAtOnceKnowTheSameVersion_OneJoins()
    {
        await CreateAsync();
        for (var version = 0; version < 10; version++)
        {
            var round = version;
            var joined = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => JoinAsync((round * 6) + n, round)));

            joined.Sum().Should().Be(1);
            (await VersionAsync()).Should().Be(version + 1);
            (await ReadAllAsync()).Should().HaveCount(version + 1);
        }
    }

    [Fact]
    public async Task Update_LastVersion_ChangesTheSiloAndRaisesIt()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);
        await JoinAsync(2, version: 1);

        (await UpdateAsync(2, Dead, version: 2)).Should().Be(1);

        (await StateAsync()).Should().Be("version 3: 1 is 2, 2 is 6");
    }

    [Fact]
    public async Task Update_AnotherVersion_DoesNeither()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);

        (await UpdateAsync(1, Dead, version: 0)).Should().Be(0);
        (await UpdateAsync(1, Dead, version: 2)).Should().Be(0);

        (await StateAsync()).Should().Be("version 1: 1 is 2");
    }

    [Fact]
    public async Task Update_SiloThatIsNotThere_DoesNeither()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);

        (await UpdateAsync(9, Dead, version: 1)).Should().Be(0);

        (await StateAsync()).Should().Be("version 1: 1 is 2");
    }

    [Fact]
    public async Task Update_ManyAtOnceKnowTheSameVersion_OneChanges()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);
        await JoinAsync(2, version: 1);
        for (var version = 2; version < 12; version++)
        {
            var round = version;
            var changed = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => UpdateAsync((n % 2) + 1, 100 + n, round)));

            changed.Sum().Should().Be(1);
            (await VersionAsync()).Should().Be(version + 1);
        }
    }

    [Fact]
    public async Task UpdateIAmAlive_Silo_ChangesItsTimeOnly()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);
        await JoinAsync(2, version: 1);
        var time = Start.AddHours(3);

        await database.AskAsync("UpdateIAmAlivetimeKey", new { DeploymentId = _deployment, Address = "127.0.0.1", Port = 11111, Generation = 2, IAmAliveTime = time });

        (await ReadAllAsync()).ToDictionary(r => (int)r["Generation"]!, r => r["IAmAliveTime"])
            .Should().Equal(new Dictionary<int, object?> { [1] = Start, [2] = time });
        (await StateAsync()).Should().Be("version 2: 1 is 2, 2 is 2");
    }

    [Fact]
    public async Task Gateways_Status_GivesThoseWithAPort()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0, status: Active);
        await JoinAsync(2, version: 1, status: Active, proxyPort: 0);
        await JoinAsync(3, version: 2);

        var row = (await database.AskAsync("GatewaysQueryKey", new { DeploymentId = _deployment, Status = Active })).Should().ContainSingle().Subject;
        row.Should().Equal(new Dictionary<string, object?> { ["address"] = "127.0.0.1", ["proxyport"] = 30000, ["generation"] = 1 });
    }

    [Fact]
    public async Task DeleteEntries_Deployment_ForgetsThatOne()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0);
        var other = new MembershipTests(database);
        await other.CreateAsync();
        await other.JoinAsync(1, version: 0);

        await database.AskAsync("DeleteMembershipTableEntriesKey", new { DeploymentId = _deployment });

        (await ReadAllAsync()).Should().BeEmpty();
        (await other.StateAsync()).Should().Be("version 1: 1 is 2");
        (await CreateAsync()).Should().Be(1);
    }

    [Fact]
    public async Task CleanupDefunct_Time_DeletesOlderOnesThatAreNotActive()
    {
        await CreateAsync();
        await JoinAsync(1, version: 0, status: Dead);
        await JoinAsync(2, version: 1, status: Active);
        await JoinAsync(3, version: 2, status: Dead, alive: Start.AddHours(1));

        await database.AskAsync("CleanupDefunctSiloEntriesKey", new { DeploymentId = _deployment, IAmAliveTime = Start.AddHours(1) });

        (await StateAsync()).Should().Be("version 3: 2 is 3, 3 is 6");
    }

    private async Task<int> CreateAsync() => (int)(await database.AskForOneAsync("InsertMembershipVersionKey", new { DeploymentId = _deployment }))!;

    private async Task<int> JoinAsync(int generation, int version, int status = Joining, int proxyPort = 30000, DateTime? alive = null) =>
        (int)(await database.AskForOneAsync("InsertMembershipKey", new
        {
            DeploymentId = _deployment,
            Address = "127.0.0.1",
            Port = 11111,
            Generation = generation,
            SiloName = "silo",
            HostName = "host",
            Status = status,
            ProxyPort = proxyPort,
            StartTime = Start,
            IAmAliveTime = alive ?? Start,
            Version = version,
        }))!;

    private async Task<int> UpdateAsync(int generation, int status, int version, string? suspects = null) =>
        (int)(await database.AskForOneAsync("UpdateMembershipKey", new
        {
            DeploymentId = _deployment,
            Address = "127.0.0.1",
            Port = 11111,
            Generation = generation,
            Status = status,
            SuspectTimes = suspects,
            IAmAliveTime = Start.AddMinutes(1),
            Version = version,
        }))!;

    private Task<List<IReadOnlyDictionary<string, object?>>> ReadAllAsync() =>
        database.AskAsync("MembershipReadAllKey", new { DeploymentId = _deployment });

    private Task<List<IReadOnlyDictionary<string, object?>>> ReadRowAsync(int generation) => database.AskAsync(
        "MembershipReadRowKey", new { DeploymentId = _deployment, Address = "127.0.0.1", Port = 11111, Generation = generation });

    private async Task<int> VersionAsync() => (int)(await ReadAllAsync())[0]["Version"]!;

    private async Task<string> StateAsync()
    {
        var rows = await ReadAllAsync();
        return $"version {rows[0]["Version"]}: " + string.Join(", ", rows.OrderBy(r => r["Generation"]).Select(r => $"{r["Generation"]} is {r["Status"]}"));
    }
}
