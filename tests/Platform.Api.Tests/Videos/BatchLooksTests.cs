using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Platform.Api.Videos.Batches;
using Platform.Domain.Media;
using Platform.Domain.Tenants;

namespace Platform.Api.Tests.Videos;

public sealed class BatchLooksTests : IInputMedia
{
    private static readonly TenantId Ann = new("ten_ann");

    private readonly ConcurrentQueue<string> _looked = new();
    private readonly TaskCompletionSource _gate = new();
    private int _atOnce;
    private int _most;

    [Fact]
    public async Task LookAsync_SharedClipWithManyCharacters_LooksAtEachOnceAndFewAtATime()
    {
        using var looks = new BatchLooks(this, Ann, TimeProvider.System, CancellationToken.None);

        var all = Enumerable.Range(0, 100).SelectMany(n => new[] { looks.LookAsync("clip", 100), looks.LookAsync($"image-{n}", 10) }).ToList();
        _gate.SetResult();
        await Task.WhenAll(all);

        _looked.Should().HaveCount(101).And.OnlyHaveUniqueItems();
        _most.Should().BeInRange(2, 8);
    }

    [Fact]
    public async Task LookAsync_NobodyAnswers_GivesUpTogetherInTime()
    {
        var time = new FakeTimeProvider();
        using var looks = new BatchLooks(this, Ann, time, CancellationToken.None);

        var all = Enumerable.Range(0, 100).Select(n => looks.LookAsync($"image-{n}", 10)).ToList();
        time.Advance(TimeSpan.FromSeconds(9));
        all.Should().OnlyContain(l => !l.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        (await Task.WhenAll(all)).Should().AllBeOfType<InputInspection.Undetermined>();
    }

    [Fact]
    public async Task LookAsync_CallerLeaves_Ends()
    {
        using var gone = new CancellationTokenSource();
        using var looks = new BatchLooks(this, Ann, TimeProvider.System, gone.Token);
        var look = looks.LookAsync("clip", 100);

        await gone.CancelAsync();

        await FluentActions.Awaiting(() => look).Should().ThrowAsync<OperationCanceledException>();
    }

    async Task<InputInspection> IInputMedia.InspectAsync(TenantId tenant, string url, long maxBytes, CancellationToken cancellationToken)
    {
        _looked.Enqueue(url);
        var now = Interlocked.Increment(ref _atOnce);
        InterlockedMax(now);
        await _gate.Task.WaitAsync(cancellationToken);
        Interlocked.Decrement(ref _atOnce);
        return new InputInspection.Undetermined(url);
    }

    Task<InputCopy> IInputMedia.CopyAsync(TenantId tenant, string url, string targetKey, long maxBytes, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Nothing is copied here.");

    private void InterlockedMax(int now)
    {
        lock (_looked)
        {
            _most = Math.Max(_most, now);
        }
    }
}
