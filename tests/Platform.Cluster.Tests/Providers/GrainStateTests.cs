namespace Platform.Cluster.Tests.Providers;

/// <summary>Each statement of the provider of grain state.</summary>
public sealed class GrainStateTests(ProviderDatabase database) : IClassFixture<ProviderDatabase>
{
    private static readonly byte[] First = [1, 2, 3];
    private static readonly byte[] Second = [4];

    private static int _grains;

    private readonly long _grain = Interlocked.Increment(ref _grains);

    [Fact]
    public async Task Read_NeverWritten_GivesNothing() => (await ReadAsync()).Should().BeNull();

    [Fact]
    public async Task Write_First_HasVersionOne()
    {
        (await WriteAsync(First, null)).Should().Be(1);

        (await ReadAsync()).Should().BeEquivalentTo((First, 1));
    }

    [Fact]
    public async Task Write_FirstWhereSomethingIsStored_Loses()
    {
        await WriteAsync(First, null);

        (await WriteAsync(Second, null)).Should().BeNull();

        (await ReadAsync()).Should().BeEquivalentTo((First, 1));
    }

    [Fact]
    public async Task Write_VersionWhereNothingIsStored_Loses()
    {
        (await WriteAsync(First, 1)).Should().BeNull();

        (await ReadAsync()).Should().BeNull();
    }

    [Fact]
    public async Task Write_ItsVersion_RaisesIt()
    {
        await WriteAsync(First, null);

        (await WriteAsync(Second, 1)).Should().Be(2);

        (await ReadAsync()).Should().BeEquivalentTo((Second, 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Write_AnotherVersion_Loses(int version)
    {
        await WriteAsync(First, null);
        await WriteAsync(Second, 1);

        (await WriteAsync(First, version)).Should().BeNull();

        (await ReadAsync()).Should().BeEquivalentTo((Second, 2));
    }

    [Fact]
    public async Task Write_ManyFirstAtOnce_OneWins()
    {
        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => WriteAsync([(byte)n], null)));

        versions.Where(v => v is not null).Should().Equal(1);
        var winner = Array.FindIndex(versions, v => v is not null);
        (await ReadAsync()).Should().BeEquivalentTo((new[] { (byte)winner }, 1));
    }

    [Fact]
    public async Task Write_ManyKnowTheSameVersion_OneWins()
    {
        await WriteAsync(First, null);

        var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => WriteAsync([(byte)n], 1)));

        versions.Where(v => v is not null).Should().Equal(2);
    }

    [Fact]
    public async Task Write_SameNumbersOtherExtensionOrState_AreOtherRows()
    {
        await WriteAsync([1], null);
        await WriteAsync([2], null, extension: "");
        await WriteAsync([3], null, extension: "key");
        await WriteAsync([4], null, state: "other");

        (await ReadAsync()).Should().BeEquivalentTo((new byte[] { 1 }, 1));
        (await ReadAsync(extension: "")).Should().BeEquivalentTo((new byte[] { 2 }, 1));
        (await ReadAsync(extension: "key")).Should().BeEquivalentTo((new byte[] { 3 }, 1));
        (await ReadAsync(state: "other")).Should().BeEquivalentTo((new byte[] { 4 }, 1));
        (await ReadAsync(extension: "KEY")).Should().BeNull();
    }

    [Fact]
    public async Task Write_OtherHashesOfTheSameKey_IsTheSameRow()
    {
        await WriteAsync(First, null, hash: 1);

        (await WriteAsync(Second, null, hash: 2)).Should().BeNull("the hashes are hints, not the key");
    }

    [Fact]
    public async Task Clear_ItsVersion_KeepsTheRowWithoutPayload()
    {
        await WriteAsync(First, null);

        (await EndAsync("ClearStorageKey", 1)).Should().Be(2);

        (await ReadAsync()).Should().BeEquivalentTo(((byte[]?)null, 2));
        (await WriteAsync(Second, 2)).Should().Be(3);
    }

    [Fact]
    public async Task Clear_AnotherVersion_Loses()
    {
        await WriteAsync(First, null);

        (await EndAsync("ClearStorageKey", 2)).Should().BeNull();
        (await EndAsync("ClearStorageKey", null)).Should().BeNull();

        (await ReadAsync()).Should().BeEquivalentTo((First, 1));
    }

    [Fact]
    public async Task Delete_ItsVersion_RemovesTheRow()
    {
        await WriteAsync(First, null);

        (await EndAsync("DeleteStorageKey", 1)).Should().Be(2);

        (await ReadAsync()).Should().BeNull();
        (await WriteAsync(Second, null)).Should().Be(1);
    }

    [Fact]
    public async Task Delete_AnotherVersion_Loses()
    {
        await WriteAsync(First, null);

        (await EndAsync("DeleteStorageKey", 2)).Should().BeNull();

        (await ReadAsync()).Should().BeEquivalentTo((First, 1));
    }

    private async Task<int?> WriteAsync(byte[] payload, int? version, string? extension = null, string state = "breaker", int hash = 0) =>
        (int?)await database.AskForOneAsync("WriteToStorageKey", new
        {
            GrainIdHash = hash,
            GrainIdN0 = _grain,
            GrainIdN1 = 0L,
            GrainTypeHash = hash,
            GrainTypeString = state,
            GrainIdExtensionString = extension,
            ServiceId = "platform",
            GrainStateVersion = version,
            PayloadBinary = payload,
        });

    private async Task<int?> EndAsync(string key, int? version) => (int?)await database.AskForOneAsync(key, new
    {
        GrainIdHash = 0,
        GrainIdN0 = _grain,
        GrainIdN1 = 0L,
        GrainTypeHash = 0,
        GrainTypeString = "breaker",
        GrainIdExtensionString = (string?)null,
        ServiceId = "platform",
        GrainStateVersion = version,
    });

    private async Task<(byte[]? Payload, int Version)?> ReadAsync(string? extension = null, string state = "breaker")
    {
        var rows = await database.AskAsync("ReadFromStorageKey", new
        {
            GrainIdHash = 0,
            GrainIdN0 = _grain,
            GrainIdN1 = 0L,
            GrainTypeHash = 0,
            GrainTypeString = state,
            GrainIdExtensionString = extension,
            ServiceId = "platform",
        });
        rows.Should().HaveCountLessThanOrEqualTo(1);
        return rows.Count == 0 ? null : ((byte[]?)rows[0]["PayloadBinary"], (int)rows[0]["Version"]!);
    }
}
