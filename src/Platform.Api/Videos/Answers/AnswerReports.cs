using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Domain;
using Platform.Domain.Tenants;
using Platform.Grains.Contracts;

namespace Platform.Api.Videos.Answers;

/// <summary>
/// Tells tenants which of their requests without an idempotency key were answered, and which were not, so that one that is sent again can
/// be told from a new one (decision 0007). Many answers go in one report, a moment later; nobody waits for it.
/// </summary>
internal sealed partial class AnswerReports(IGrainFactory grains, IIdSource ids, TimeProvider time, ILogger<AnswerReports> logger) : BackgroundService
{
    private const int ProcessIdLength = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // As long as a report can be of use.
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(10);

    private readonly Channel<Answer> _answers = Channel.CreateUnbounded<Answer>(new() { SingleReader = true });

    /// <summary>Names this process: whoever asks again by way of another may do so because this one is dead.</summary>
    public string Process { get; } = ids.Next(ProcessIdLength);

    /// <summary>Carries a request out and reports whether its caller was answered.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="subject">Id of the task or batch.</param>
    /// <param name="act">Carries it out and writes the answer; says whether that tells what became of it, and throws where the caller has gone.</param>
    public async Task AnswerAsync(TenantId tenant, string subject, Func<Task<bool>> act)
    {
        var isAnswered = false;
        try
        {
            isAnswered = await act();
        }
        finally
        {
            _answers.Writer.TryWrite(new(tenant, subject, isAnswered, time.GetUtcNow()));
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Requests have ended by now, and silos have not: what is left goes out before the tenants' grains end.
        await base.StopAsync(cancellationToken);
        await ReportAsync();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _answers.Reader.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Pause, time, stoppingToken);
                await ReportAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is reported at the end.
        }
    }

    private async Task ReportAsync()
    {
        var batch = new List<Answer>();
        while (_answers.Reader.TryRead(out var answer))
        {
            batch.Add(answer);
        }

        await Task.WhenAll(batch.GroupBy(a => a.Tenant).Select(g => ReportAsync(g.Key, [.. g])));
    }

    private async Task ReportAsync(TenantId tenant, List<Answer> answers)
    {
        try
        {
            await grains.GetGrain<ITenantGrain>(tenant.Value).Report(new()
            {
                Answered = [.. answers.Where(a => a.IsAnswered).Select(a => a.Subject)],
                Lost = [.. answers.Where(a => !a.IsAnswered).Select(a => a.Subject)],
            });
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            LogNotReported(error, answers.Count);
            var now = time.GetUtcNow();
            answers.RemoveAll(a => now - a.At > MaxAge);
            answers.ForEach(a => _answers.Writer.TryWrite(a));
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Count} answers could not be reported yet.")]
    private partial void LogNotReported(Exception error, int count);

    private sealed record Answer(TenantId Tenant, string Subject, bool IsAnswered, DateTimeOffset At);
}
