using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Platform.Domain.Media;
using Platform.Media.Inputs;
using Platform.Media.Probing;
using Platform.Media.Tests.Probing;

namespace Platform.Media.Tests.Inputs;

/// <summary>Inputs on foreign servers, good and bad ones.</summary>
[Collection(CorpusCollection.Name)]
public sealed class ForeignInputTests(Corpus corpus) : IAsyncLifetime
{
    private const long Large = 100L << 20;
    private const string Url = "http://media.acme.com/clip";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private MediaWorld _world = null!;

    public async Task InitializeAsync() => _world = await MediaWorld.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData("back.mp4")]
    [InlineData("front.mp4")]
    [InlineData("fragmented.mp4")]
    [InlineData("picture.png")]
    [InlineData("picture.jpg")]
    public async Task Inspect_ServerWithRanges_RecognisesTheFile(string name)
    {
        Serve(corpus.Bytes(name));

        (await InspectAsync()).Should().Be(new InputInspection.Recognised(await Probes.RecogniseAsync(corpus.Bytes(name)), corpus.Bytes(name).Length));
    }

    [Fact]
    public async Task Inspect_LargeFileWithItsHeaderAtTheEnd_ReadsLittleOfIt()
    {
        var bytes = Padded(corpus.Bytes("back.mp4"), 60 << 20);
        Serve(bytes);

        (await InspectAsync()).Should().BeOfType<InputInspection.Recognised>().Which.Length.Should().Be(bytes.Length);

        _world.Site.Requests.Should().HaveCountLessThan(5).And.OnlyContain(request => request.StartsWith("GET /clip bytes=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Inspect_FileThatTakesManyReads_IsUndeterminedAfterABoundedNumber()
    {
        // Many fragments, far apart: each takes a request.
        var original = corpus.Bytes("fragmented-every-frame.mp4");
        var file = new MemoryStream();
        for (var at = 0; at < original.Length;)
        {
            var size = (int)System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(original.AsSpan(at));
            if (original.AsSpan(at + 4, 4).SequenceEqual("moof"u8) && file.Length < 60 << 20)
            {
                file.Write([0, 0x10, 0, 0, .. "free"u8, .. new byte[0x100000 - 8]]);
            }

            file.Write(original, at, size);
            at += size;
        }

        Serve(file.ToArray());

        (await InspectAsync()).Should().BeOfType<InputInspection.Undetermined>();

        _world.Site.Requests.Should().HaveCountLessThanOrEqualTo(RemoteLimits.MaxRequests + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inspect_ServerWithoutRanges_ReadsFromTheStart(bool saysHowLong)
    {
        Serve(corpus.Bytes("back.mp4"), ranges: false, saysHowLong);

        (await InspectAsync()).Should().Be(
            new InputInspection.Recognised(await Probes.RecogniseAsync(corpus.Bytes("back.mp4")), corpus.Bytes("back.mp4").Length));

        _world.Site.Requests.Should().ContainSingle();
    }

    [Fact]
    public async Task Inspect_ServerWithoutRanges_NeedsOnlyTheStartWhereTheHeaderIsThere()
    {
        var bytes = corpus.Bytes("front.mp4");
        Serve([.. bytes, 0x04, 0, 0, 0, .. "free"u8, .. new byte[0x04000000 - 8]], ranges: false);

        (await InspectAsync()).Should().BeOfType<InputInspection.Recognised>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inspect_ServerWithoutRangesAndHeaderFarAway_IsUndetermined(bool saysHowLong)
    {
        Serve(Padded(corpus.Bytes("back.mp4"), 40 << 20), ranges: false, saysHowLong);

        (await InspectAsync()).Should().BeOfType<InputInspection.Undetermined>();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inspect_FileLargerThanAllowed_IsRefusedWithoutReadingIt(bool ranges)
    {
        Serve(corpus.Bytes("back.mp4"), ranges);

        var inspection = await _world.Inputs.InspectAsync(MediaWorld.Tenant, Url, corpus.Bytes("back.mp4").Length - 1, default);

        inspection.Should().BeOfType<InputInspection.Refused>().Which.Reason.Should().Contain("larger than");
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(410, true)]
    [InlineData(451, true)]
    [InlineData(408, false)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(502, false)]
    [InlineData(503, false)]
    [InlineData(204, false)]
    public async Task Fetch_StatusOtherThanSuccess_IsFinalOrWorthAnotherTry(int status, bool final)
    {
        _world.Site.Handler = context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        };

        var (inspection, copy) = (await InspectAsync(), await CopyAsync());

        if (final)
        {
            inspection.Should().BeOfType<InputInspection.Refused>().Which.Reason.Should().Contain($"{status}");
            copy.Should().BeOfType<InputCopy.Refused>().Which.Reason.Should().Contain($"{status}");
        }
        else
        {
            inspection.Should().BeOfType<InputInspection.Undetermined>();
            copy.Should().BeOfType<InputCopy.Unavailable>();
        }
    }

    [Fact]
    public async Task Fetch_ForbiddenAddress_IsRefusedOnConnecting()
    {
        _world.Site.Name("inside.acme.com", ["10.0.0.1"]);

        (await _world.Inputs.InspectAsync(MediaWorld.Tenant, "http://inside.acme.com/a", Large, default)).Should().Be(new InputInspection.Refused("The URL's host is not a public address."));
        (await _world.Inputs.CopyAsync(MediaWorld.Tenant, "http://inside.acme.com/a", "inputs/t", Large, default)).Should().Be(new InputCopy.Refused("The URL's host is not a public address."));

        _world.Site.Connected.Should().BeEmpty();
    }

    [Fact]
    public async Task Inspect_EmptyFile_IsRefused()
    {
        _world.Site.Handler = context => TypedResults.Bytes([], enableRangeProcessing: true).ExecuteAsync(context);
        (await InspectAsync()).Should().Be(new InputInspection.Refused(Refusals.Empty.Reason));

        _world.Site.Handler = context =>
        {
            context.Response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            context.Response.Headers.ContentRange = "bytes */0";
            return Task.CompletedTask;
        };
        (await InspectAsync()).Should().Be(new InputInspection.Refused(Refusals.Empty.Reason));
    }

    [Theory]
    [InlineData("bytes 5-262148/1000000")]
    [InlineData("bytes 0-9/1000000")]
    [InlineData("bytes 0-262143/*")]
    [InlineData("bytes */1000000")]
    [InlineData("nonsense")]
    [InlineData("bytes 0-262143/9223372036854775807")]
    public async Task Inspect_ServerThatAnswersWithAnotherRange_IsNotBelieved(string contentRange)
    {
        _world.Site.Handler = context =>
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = contentRange;
            return context.Response.Body.WriteAsync(corpus.Bytes("back.mp4")).AsTask();
        };

        (await InspectAsync()).Should().NotBeOfType<InputInspection.Recognised>();
    }

    [Fact]
    public async Task Inspect_FileThatChangesBetweenTheReads_IsUndetermined()
    {
        var bytes = Padded(corpus.Bytes("back.mp4"), 10 << 20);
        var version = 0;
        _world.Site.Handler = context => TypedResults.Bytes(bytes, entityTag: new($"\"{version++}\""), enableRangeProcessing: true).ExecuteAsync(context);

        (await InspectAsync()).Should().BeOfType<InputInspection.Undetermined>();
    }

    [Fact]
    public async Task Inspect_ServerThatNeverEnds_IsUndeterminedInTime()
    {
        var asked = new TaskCompletionSource();
        _world.Site.Handler = async context =>
        {
            context.Response.ContentLength = 1_000_000;
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };

        var inspection = InspectAsync();
        await asked.Task.WaitAsync(Deadline);
        _world.Time.Advance(TimeSpan.FromSeconds(5));

        (await inspection.WaitAsync(Deadline)).Should().BeOfType<InputInspection.Undetermined>();
    }

    [Fact]
    public async Task Copy_File_IsStoredDigestedAndProbed()
    {
        var bytes = corpus.Bytes("ntsc-5005.mp4");
        Serve(bytes);

        var expected = new InputCopy.Copied(new BlobInfo(bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), await Probes.RecogniseAsync(bytes));
        (await CopyAsync()).Should().Be(expected);
        (await CopyAsync()).Should().Be(expected, "repeating is harmless");

        (await _world.BytesAsync("inputs/t")).Should().Equal(bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Copy_FileLargerThanAllowed_IsRefusedAndNothingStays(bool saysHowLong)
    {
        var bytes = corpus.Bytes("back.mp4");
        Serve(bytes, ranges: false, saysHowLong);

        var copy = await _world.Inputs.CopyAsync(MediaWorld.Tenant, Url, "inputs/t", bytes.Length - 1, default);

        copy.Should().BeOfType<InputCopy.Refused>().Which.Reason.Should().Contain("larger than");
        (await _world.BytesAsync("inputs/t")).Should().BeNull();
    }

    [Fact]
    public async Task Copy_EndlessBody_EndsAtTheBound()
    {
        _world.Site.Handler = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        };

        var copy = await _world.Inputs.CopyAsync(MediaWorld.Tenant, Url, "inputs/t", 5 << 20, default).WaitAsync(Deadline);

        copy.Should().BeOfType<InputCopy.Refused>();
        (await _world.BytesAsync("inputs/t")).Should().BeNull();
    }

    [Fact]
    public async Task Copy_NoMedium_IsRefusedAndNothingStays()
    {
        Serve("<!DOCTYPE html><html></html>"u8.ToArray());

        (await CopyAsync()).Should().Be(new InputCopy.Refused(Refusals.Known("a web page").Reason));
        (await _world.BytesAsync("inputs/t")).Should().BeNull();
    }

    [Fact]
    public async Task Copy_ConnectionThatBreaks_IsWorthAnotherTryAndNothingStays()
    {
        _world.Site.Handler = async context =>
        {
            context.Response.ContentLength = 1_000_000;
            await context.Response.Body.WriteAsync(corpus.Bytes("back.mp4").AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

        (await CopyAsync()).Should().BeOfType<InputCopy.Unavailable>();
        (await _world.BytesAsync("inputs/t")).Should().BeNull();
    }

    [Fact]
    public async Task Copy_ServerThatStopsSending_IsUnavailableInTime()
    {
        var asked = new TaskCompletionSource();
        _world.Site.Handler = async context =>
        {
            await context.Response.Body.WriteAsync(new byte[10]);
            await context.Response.Body.FlushAsync();
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        };

        var copy = CopyAsync();
        await asked.Task.WaitAsync(Deadline);
        for (var seconds = 0; !copy.IsCompleted && seconds < 200; seconds++)
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(copy, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
        }

        (await copy.WaitAsync(Deadline)).Should().BeOfType<InputCopy.Unavailable>();
        (await _world.BytesAsync("inputs/t")).Should().BeNull();
    }

    /// <summary>The same film with padding before its header, whose chunk offsets stay true.</summary>
    private static byte[] Padded(byte[] film, int padding)
    {
        var header = film.AsSpan().IndexOf("moov"u8) - 4;
        var free = new byte[padding];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(free, padding);
        "free"u8.CopyTo(free.AsSpan(4));
        return [.. film[..header], .. free, .. film[header..]];
    }

    private void Serve(byte[] bytes, bool ranges = true, bool saysHowLong = true) => _world.Site.Handler = async context =>
    {
        if (ranges)
        {
            await TypedResults.Bytes(bytes, enableRangeProcessing: true).ExecuteAsync(context);
            return;
        }

        context.Response.ContentLength = saysHowLong ? bytes.Length : null;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    };

    private Task<InputInspection> InspectAsync() => _world.Inputs.InspectAsync(MediaWorld.Tenant, Url, Large, default).WaitAsync(Deadline);

    private Task<InputCopy> CopyAsync() => _world.Inputs.CopyAsync(MediaWorld.Tenant, Url, "inputs/t", Large, default).WaitAsync(Deadline);
}
