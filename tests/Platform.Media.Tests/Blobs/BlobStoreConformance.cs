using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Platform.Domain.Media;

namespace Platform.Media.Tests.Blobs;

/// <summary>What every blob store must do, whatever it keeps the bytes in. A store's test class derives from this one.</summary>
public abstract class BlobStoreConformance
{
    /// <summary>The store under test; empty for each test.</summary>
    protected abstract IBlobStore Store { get; }

    public static TheoryData<string> BadKeys => new()
    {
        "", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/.hidden", ".tmp/x", "a\\b", "a b", "a\0b", "ä", "a/b\n", "C:/x", "~", "a?b", "a%2e", new string('a', 256), string.Join('/', Enumerable.Repeat(new string('a', 200), 6)),
    };

    [Fact]
    public async Task WriteAsync_Bytes_AreReadBackWithLengthAndDigest()
    {
        var bytes = RandomNumberGenerator.GetBytes(300_000);

        var info = await WriteAsync("files/ten_x/file_y", bytes);

        info.Should().Be(new BlobInfo(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))));
        (await ReadAsync("files/ten_x/file_y")).Should().Equal(bytes);
    }

    [Fact]
    public async Task WriteAsync_NoBytes_MakesAnEmptyBlob()
    {
        (await WriteAsync("empty", [])).Length.Should().Be(0);
        (await ReadAsync("empty")).Should().BeEmpty();
    }

    [Fact]
    public async Task WriteAsync_ExistingKey_ReplacesWhatWasThere()
    {
        await WriteAsync("k", "the longer first text"u8.ToArray());
        await WriteAsync("k", "second"u8.ToArray());

        (await ReadAsync("k")).Should().Equal("second"u8.ToArray());
    }

    [Fact]
    public async Task WriteAsync_WhileOldBlobIsBeingRead_ReaderKeepsTheOldBytes()
    {
        await WriteAsync("k", "old"u8.ToArray());
        await using var reader = await Store.OpenReadAsync("k", default);

        await WriteAsync("k", "new"u8.ToArray());

        new StreamReader(reader!).ReadToEnd().Should().Be("old");
        (await ReadAsync("k")).Should().Equal("new"u8.ToArray());
    }

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(11, 10, false)]
    [InlineData(0, 0, true)]
    [InlineData(1_000_000, 999_999, false)]
    public async Task WriteAsync_MaxBytes_IsTheLastAcceptedLength(int length, long maxBytes, bool accepted)
    {
        var write = () => Store.WriteAsync("k", new MemoryStream(new byte[length]), maxBytes, default);

        if (accepted)
        {
            await write.Should().NotThrowAsync();
        }
        else
        {
            (await write.Should().ThrowAsync<BlobTooLargeException>()).Which.MaxBytes.Should().Be(maxBytes);
            (await Store.OpenReadAsync("k", default)).Should().BeNull();
        }
    }

    [Fact]
    public async Task WriteAsync_TooLargeOverExistingBlob_KeepsTheExistingBlob()
    {
        await WriteAsync("k", "kept"u8.ToArray());

        await FluentActions.Awaiting(() => Store.WriteAsync("k", new MemoryStream(new byte[100]), 99, default)).Should().ThrowAsync<BlobTooLargeException>();

        (await ReadAsync("k")).Should().Equal("kept"u8.ToArray());
    }

    [Fact]
    public async Task WriteAsync_SourceFailsHalfway_LeavesNothing()
    {
        await FluentActions.Awaiting(() => Store.WriteAsync("k", new FailingStream(200_000), long.MaxValue, default)).Should().ThrowAsync<EndOfStreamException>();

        (await Store.OpenReadAsync("k", default)).Should().BeNull();
    }

    [Fact]
    public async Task WriteAsync_Cancelled_LeavesNothing()
    {
        using var cancel = new CancellationTokenSource();
        var source = new FailingStream(200_000) { AtEnd = cancel.Cancel };

        await FluentActions.Awaiting(() => Store.WriteAsync("k", source, long.MaxValue, cancel.Token)).Should().ThrowAsync<OperationCanceledException>();

        (await Store.OpenReadAsync("k", default)).Should().BeNull();
    }

    [Fact]
    public async Task WriteAsync_ManyAtOnceToOneKey_OneOfThemWinsWhole()
    {
        var contents = Enumerable.Range(0, 8).Select(i => Enumerable.Repeat((byte)i, 50_000).ToArray()).ToList();

        await Task.WhenAll(contents.Select(bytes => Task.Run(() => WriteAsync("race/k", bytes))));

        var left = await ReadAsync("race/k");
        left.Should().HaveCount(50_000);
        left.Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task OpenReadAsync_NoSuchBlob_IsNull()
    {
        await WriteAsync("a/b", [1]);

        (await Store.OpenReadAsync("a/c", default)).Should().BeNull();
        (await Store.OpenReadAsync("a", default)).Should().BeNull("a prefix is no blob");
        (await Store.OpenReadAsync("x/y/z", default)).Should().BeNull();
    }

    [Fact]
    public async Task OpenReadAsync_Stream_CanSeek()
    {
        await WriteAsync("k", "0123456789"u8.ToArray());

        await using var stream = (await Store.OpenReadAsync("k", default))!;
        stream.CanSeek.Should().BeTrue();
        stream.Length.Should().Be(10);
        stream.Position = 7;
        var rest = new byte[3];
        await stream.ReadExactlyAsync(rest);
        Encoding.ASCII.GetString(rest).Should().Be("789");
    }

    [Fact]
    public async Task CopyAsync_Blob_IsIndependentOfItsSource()
    {
        await WriteAsync("source", "one"u8.ToArray());

        (await Store.CopyAsync("source", "deep/er/target", default)).Should().BeTrue();
        await WriteAsync("source", "two"u8.ToArray());
        (await ReadAsync("deep/er/target")).Should().Equal("one"u8.ToArray());

        await Store.DeleteAsync("source", default);
        (await ReadAsync("deep/er/target")).Should().Equal("one"u8.ToArray());
    }

    [Fact]
    public async Task CopyAsync_OverExistingBlob_ReplacesIt()
    {
        await WriteAsync("source", "one"u8.ToArray());
        await WriteAsync("target", "other"u8.ToArray());

        (await Store.CopyAsync("source", "target", default)).Should().BeTrue();

        (await ReadAsync("target")).Should().Equal("one"u8.ToArray());
    }

    [Fact]
    public async Task CopyAsync_Repeated_IsHarmless()
    {
        await WriteAsync("source", "one"u8.ToArray());

        (await Store.CopyAsync("source", "target", default)).Should().BeTrue();
        (await Store.CopyAsync("source", "target", default)).Should().BeTrue();
        (await Store.CopyAsync("target", "target", default)).Should().BeTrue();

        (await ReadAsync("target")).Should().Equal("one"u8.ToArray());
    }

    [Fact]
    public async Task CopyAsync_NoSource_SaysSoAndKeepsTheTarget()
    {
        await WriteAsync("target", "kept"u8.ToArray());

        (await Store.CopyAsync("nothing", "target", default)).Should().BeFalse();

        (await ReadAsync("target")).Should().Equal("kept"u8.ToArray());
    }

    [Fact]
    public async Task DeleteAsync_Blob_IsGoneAndRepeatingIsHarmless()
    {
        await WriteAsync("a/b/c", [1]);
        await WriteAsync("a/b/d", [2]);

        await Store.DeleteAsync("a/b/c", default);
        await Store.DeleteAsync("a/b/c", default);
        await Store.DeleteAsync("a/b", default);
        await Store.DeleteAsync("never/was", default);

        (await Store.OpenReadAsync("a/b/c", default)).Should().BeNull();
        (await ReadAsync("a/b/d")).Should().Equal(2);
    }

    [Fact]
    public async Task DeleteAsync_WhileOthersWriteBesideIt_LosesNoWrite()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(async () =>
        {
            await WriteAsync($"busy/place/{i}", [(byte)i]);
            if (i % 2 == 0)
            {
                await Store.DeleteAsync($"busy/place/{i}", default);
            }
        })));

        for (var i = 1; i < 40; i += 2)
        {
            (await ReadAsync($"busy/place/{i}")).Should().Equal((byte)i);
        }
    }

    [Fact]
    public async Task LeaseLocalFileAsync_Blob_IsAFileWithItsBytes()
    {
        await WriteAsync("a/b", "text"u8.ToArray());

        await using var lease = await Store.LeaseLocalFileAsync("a/b", default);

        Path.IsPathFullyQualified(lease!.Path).Should().BeTrue();
        (await File.ReadAllTextAsync(lease.Path)).Should().Be("text");
    }

    [Fact]
    public async Task LeaseLocalFileAsync_NoSuchBlob_IsNull() =>
        (await Store.LeaseLocalFileAsync("a/b", default)).Should().BeNull();

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task EveryMember_BadKey_IsAnArgumentException(string key)
    {
        await WriteAsync("good", [1]);

        await FluentActions.Awaiting(() => Store.WriteAsync(key, new MemoryStream(), 10, default)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Store.OpenReadAsync(key, default)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Store.CopyAsync(key, "good", default)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Store.CopyAsync("good", key, default)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Store.DeleteAsync(key, default)).Should().ThrowAsync<ArgumentException>();
        await FluentActions.Awaiting(() => Store.LeaseLocalFileAsync(key, default)).Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public void WriteAsync_AnyBytes_RoundTrip() =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.String[Gen.Char["abcXYZ019_-"], 1, 20]).Sample(
            (bytes, name) =>
            {
                WriteAsync($"any/{name}", bytes).GetAwaiter().GetResult();
                return ReadAsync($"any/{name}").GetAwaiter().GetResult().SequenceEqual(bytes);
            },
            iter: 30,
            threads: 1);

    protected Task<BlobInfo> WriteAsync(string key, byte[] bytes) => Store.WriteAsync(key, new MemoryStream(bytes), long.MaxValue, default);

    protected async Task<byte[]> ReadAsync(string key)
    {
        await using var stream = await Store.OpenReadAsync(key, default);
        stream.Should().NotBeNull($"'{key}' was stored");
        var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        return copy.ToArray();
    }

    /// <summary>Gives some bytes, then does something, and then fails as a broken connection would.</summary>
    private sealed class FailingStream(int length) : MemoryStream(new byte[length])
    {
        public Action? AtEnd { get; init; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Position < Length)
            {
                return await base.ReadAsync(buffer, cancellationToken);
            }

            AtEnd?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            throw new EndOfStreamException();
        }
    }
}
