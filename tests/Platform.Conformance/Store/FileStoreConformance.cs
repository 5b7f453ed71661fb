using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Conformance.Store;

/// <summary>What every <see cref="IFileStore"/> must do.</summary>
public abstract class FileStoreConformance : StoreConformance
{
    private IFileStore Files => Store.Files;

    [Fact]
    public async Task AddAsync_ImageAndVideo_AreFoundAsTheyWere()
    {
        var video = File("file_v", Ann, Noon) with
        {
            FileName = "дэнс 💃.mp4",
            Info = new() { Format = MediaFormat.Mp4, Width = 720, Height = 1280, DurationSeconds = 4.9670m, HasAudio = true },
        };
        await Files.AddAsync(File("file_i", Bob, Noon), default);
        await Files.AddAsync(video, default);

        await RestartAsync();

        (await Files.FindAsync("file_i", default)).Should().Be(File("file_i", Bob, Noon));
        (await Files.FindAsync("file_v", default)).Should().Be(video);
        (await Files.FindAsync("file_x", default)).Should().BeNull();
    }

    [Fact]
    public async Task AddAsync_IdInUse_Throws()
    {
        await Files.AddAsync(File("file_a", Ann, Noon), default);

        var act = () => Files.AddAsync(File("file_a", Bob, Noon), default);

        await act.Should().ThrowAsync<Exception>();
        (await Files.FindAsync("file_a", default))!.Tenant.Should().Be(Ann);
    }

    [Fact]
    public async Task ListAsync_Pages_NewestFirstAndOnlyOwnAndNotExpired()
    {
        for (var i = 0; i < 10; i++)
        {
            await Files.AddAsync(File($"file_{i}", Ann, Noon.AddMilliseconds(i / 3)), default);
        }

        await Files.AddAsync(File("file_bob", Bob, Noon), default);
        await Files.AddAsync(File("file_old", Ann, Noon.AddHours(-72).AddMilliseconds(2)), default);
        var now = Noon.AddMilliseconds(1);
        (await PageAsync(now, null, 100)).Should().Equal([.. Enumerable.Range(0, 10).Reverse().Select(i => $"file_{i}"), "file_old"]);

        (await PageAsync(now.AddMilliseconds(1), null, 100)).Should().HaveCount(10, "72 hours are over");
        (await PageAsync(now, null, 4)).Should().Equal("file_9", "file_8", "file_7", "file_6");
        (await PageAsync(now, "file_6", 4)).Should().Equal("file_5", "file_4", "file_3", "file_2");
        (await PageAsync(now, "file_old", 4)).Should().BeEmpty();
        (await PageAsync(now, "file_bob", 4)).Should().BeEmpty("it is no file of the tenant");
        (await PageAsync(now, "file_x", 4)).Should().BeEmpty();
    }

    [Fact]
    public async Task RemoveAsync_Own_ForgetsItOnceAndListingGoesOnBehindIt()
    {
        for (var i = 0; i < 3; i++)
        {
            await Files.AddAsync(File($"file_{i}", Ann, Noon.AddSeconds(i)), default);
        }

        (await Files.RemoveAsync(Bob, "file_1", default)).Should().BeFalse("it is Ann's");
        (await Files.RemoveAsync(Ann, "file_1", default)).Should().BeTrue();
        (await Files.RemoveAsync(Ann, "file_1", default)).Should().BeFalse();

        (await Files.FindAsync("file_1", default)).Should().BeNull();
        (await PageAsync(Noon, null, 10)).Should().Equal("file_2", "file_0");
        (await PageAsync(Noon, "file_1", 10)).Should().Equal("file_0");
    }

    private static UploadedFile File(string id, TenantId tenant, DateTimeOffset createdAt) => new()
    {
        Id = id,
        Tenant = tenant,
        FileName = "me.png",
        Info = new() { Format = MediaFormat.Png, Width = 720, Height = 1280 },
        Blob = new(1234, new string('0', 64)),
        CreatedAt = createdAt,
    };

    private async Task<IEnumerable<string>> PageAsync(DateTimeOffset now, string? after, int limit) =>
        (await Files.ListAsync(Ann, now, after, limit, default)).Select(f => f.Id);
}
