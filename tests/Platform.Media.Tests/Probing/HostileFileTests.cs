using System.Buffers.Binary;
using System.Diagnostics;
using Platform.Domain.Media;
using Platform.Media.Probing;

namespace Platform.Media.Tests.Probing;

/// <summary>Whatever the bytes are, a probe answers, soon, and reads no more than its bound.</summary>
[Collection(CorpusCollection.Name)]
public sealed class HostileFileTests(Corpus corpus)
{
    private const int MutationsPerFile = 170;

    // Generous: the machine may be busy. A parser that loops takes minutes.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    private static readonly string[] Seeds =
    [
        "back.mp4", "front.mp4", "back.mov", "fragmented.mp4", "fragmented-every-frame.mp4", "dash.mp4", "edited.mp4", "rotated-90.mp4",
        "variable-rate.mp4", "timecode.mov", "picture.jpg", "picture.png",
    ];

    // Numbers that parsers trip over.
    private static readonly uint[] Awkward = [0, 1, 7, 8, 15, 16, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x00FFFFFF, 0x10000000];

    [Fact]
    public async Task ProbeAsync_ThousandsOfMutations_AlwaysAnswersWithinItsBounds()
    {
        var random = new Random(20260301);
        var (recognised, refused) = (0, 0);
        var slowest = TimeSpan.Zero;
        foreach (var name in Seeds)
        {
            var original = corpus.Bytes(name);
            for (var i = 0; i < MutationsPerFile; i++)
            {
                var mutated = Mutate(original, random);
                var stream = new CountingStream(new MemoryStream(mutated));
                var watch = Stopwatch.StartNew();
                var result = await Probes.Alone.ProbeAsync(stream, default);
                slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;

                stream.BytesRead.Should().BeLessThanOrEqualTo(MediaProbe.MaxBytesRead);
                if (result is ProbeResult.Recognised { Info: var info })
                {
                    recognised++;
                    info.Width.Should().BePositive();
                    info.Height.Should().BePositive();
                    (info.Kind == MediaKind.Image || info.DurationSeconds is > 0 and <= 86_400).Should().BeTrue();
                }
                else
                {
                    refused++;
                    result.Should().BeOfType<ProbeResult.Refused>().Which.Reason.Should().NotBeEmpty();
                }
            }
        }

        // Were nearly all on one side, the mutations would not reach what they are meant to reach.
        recognised.Should().BeGreaterThan(200);
        refused.Should().BeGreaterThan(400);
        slowest.Should().BeLessThan(Hang);
    }

    [Fact]
    public async Task ProbeAsync_EndlessTinyBoxes_StopsAtItsBound()
    {
        var bytes = new byte[8 * 1024 * 1024];
        for (var offset = 0; offset < bytes.Length; offset += 8)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(offset), 0x0000_0008_6672_6565);
        }

        (await Probes.ProbeAsync(bytes)).Should().Be(Refusals.TooComplicated);
    }

    [Fact]
    public async Task ProbeAsync_HeaderOfTinyBoxesInside_AnswersSoon()
    {
        var bytes = new byte[16 * 1024 * 1024];
        for (var offset = 0; offset < bytes.Length; offset += 8)
        {
            // Tracks without content: the number of tracks is bounded, the rest is passed over.
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(offset), 0x0000_0008_7472_616B);
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        "moov"u8.CopyTo(bytes.AsSpan(4));
        var watch = Stopwatch.StartNew();

        (await Probes.ProbeAsync(bytes)).Should().BeOfType<ProbeResult.Refused>();

        watch.Elapsed.Should().BeLessThan(Hang);
    }

    [Fact]
    public async Task ProbeAsync_HeaderLargerThanTheBound_IsNotReadIntoMemory()
    {
        var stream = new CountingStream(new EndlessHeader(2L * 1024 * 1024 * 1024));

        (await Probes.Alone.ProbeAsync(stream, default)).Should().Be(Refusals.TooComplicated);

        stream.BytesRead.Should().BeLessThan(10_000);
    }

    [Fact]
    public async Task ProbeAsync_FileThatIsShorterThanItSays_IsCutOff()
    {
        (await Probes.Alone.ProbeAsync(new EndlessHeader(1_000_000) { Actual = 100 }, default)).Should().Be(Refusals.CutOff);
    }

    [Fact]
    public async Task ProbeAsync_Cancelled_Stops()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await using var stream = File.OpenRead(corpus.PathOf("back.mp4"));

        await FluentActions.Awaiting(() => Probes.Alone.ProbeAsync(stream, cancelled.Token)).Should().ThrowAsync<OperationCanceledException>();
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = (byte[])original.Clone();
        switch (random.Next(6))
        {
            case 0: // bits anywhere near the structure
                for (var i = random.Next(1, 20); i > 0; i--)
                {
                    bytes[Structural(bytes, random)] ^= (byte)(1 << random.Next(8));
                }

                break;
            case 1: // awkward numbers near the structure
                for (var i = random.Next(1, 4); i > 0; i--)
                {
                    var at = Math.Min(Structural(bytes, random), bytes.Length - 4);
                    BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), Awkward[random.Next(Awkward.Length)]);
                }

                break;
            case 2: // cut
                bytes = bytes[..random.Next(bytes.Length)];
                break;
            case 3: // a piece is missing
                var (from, length) = (random.Next(bytes.Length), random.Next(1, 2000));
                bytes = [.. bytes[..from], .. bytes[Math.Min(bytes.Length, from + length)..]];
                break;
            case 4: // a piece is there twice
                var (start, count) = (Structural(bytes, random), random.Next(1, 2000));
                var piece = bytes[start..Math.Min(bytes.Length, start + count)];
                bytes = [.. bytes[..start], .. piece, .. bytes[start..]];
                break;
            default: // noise
                random.NextBytes(bytes.AsSpan(Structural(bytes, random) is var noise ? noise : 0, Math.Min(random.Next(1, 64), bytes.Length - noise)));
                break;
        }

        return bytes;
    }

    /// <summary>A place within the first kilobyte or, as often, somewhere behind the name of a header.</summary>
    private static int Structural(byte[] bytes, Random random)
    {
        var moov = bytes.AsSpan().IndexOf("moov"u8);
        return moov >= 0 && random.Next(4) > 0
            ? random.Next(moov - 4, Math.Min(bytes.Length, moov + 1500))
            : random.Next(Math.Min(bytes.Length, 1024));
    }

    /// <summary>A file that is all movie header, of any length, without the memory.</summary>
    private sealed class EndlessHeader(long length) : MemoryStream(Head(length))
    {
        public int Actual { get; init; } = int.MaxValue;

        public override long Length => length;

        public override long Position { get; set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Clamp(Math.Min(length, Actual) - Position, 0, buffer.Length);
            buffer.Span[..count].Clear();
            if (Position == 0)
            {
                Head(length).AsSpan(0, Math.Min(count, 16)).CopyTo(buffer.Span);
            }

            Position += count;
            return ValueTask.FromResult(count);
        }

        private static byte[] Head(long length)
        {
            var head = new byte[16];
            BinaryPrimitives.WriteUInt64BigEndian(head, 0x0000_0001_6D6F_6F76);
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(8), length);
            return head;
        }
    }
}
