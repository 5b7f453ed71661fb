using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;

namespace Platform.UpstreamSimulators;

/// <summary>
/// A provider's API as an app of its own on a free port: it checks keys, keeps jobs and their states, sends callbacks, serves a real MP4,
/// counts what it would have charged and how many jobs were made for one reference, and misbehaves as it is told.
/// </summary>
public abstract class UpstreamSimulator(SimulatorOptions options, TimeProvider time) : IAsyncDisposable
{
    private static readonly byte[] Result = ReadResult();

    private readonly ConcurrentDictionary<string, SimulatedJob> _jobs = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<CallKind, int> _calls = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly HttpClient _callbacks = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Lock _admission = new();
    private WebApplication? _app;
    private long _ids;

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string BaseUrl { get; private set; } = "";

    /// <summary>What goes wrong.</summary>
    public MisbehaviourPlan Plan { get; } = new(options.Seed);

    /// <summary>All jobs that were ever made.</summary>
    public IReadOnlyCollection<SimulatedJob> Jobs => [.. _jobs.Values];

    /// <summary>Answers of receivers to callbacks, by status code; 0 where there was none.</summary>
    public ConcurrentQueue<int> CallbackAnswers { get; } = new();

    /// <summary>Jobs that are neither done nor stopped.</summary>
    public int Open => _jobs.Values.Count(j => Stage(j) is JobStage.Queued or JobStage.Running);

    /// <summary>What it would have charged until now, in US dollars.</summary>
    public decimal Charged => _jobs.Values.Where(j => Stage(j) == JobStage.Succeeded)
        .Sum(j => options.Seconds * (j.IsHighQuality ? options.HighPricePerSecond : options.PricePerSecond));

    /// <summary>How many jobs were made for each reference, where the wire has one.</summary>
    public IReadOnlyDictionary<string, int> JobsPerReference => _jobs.Values.Where(j => j.Reference is not null)
        .GroupBy(j => j.Reference!, StringComparer.Ordinal).ToImmutableDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);

    protected SimulatorOptions Options => options;

    protected TimeProvider Time => time;

    /// <summary>How many calls of a kind came.</summary>
    public int Calls(CallKind kind) => _calls.GetValueOrDefault(kind);

    /// <summary>Starts to listen.</summary>
    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.Port));
        _app = builder.Build();
        _app.MapGet("/simulator/results/{name}", (HttpContext context, string name) => ServeAsync(context, name));
        _app.MapGet("/simulator/stats", () => SimulatorAnswer.Of(200, new
        {
            jobs = _jobs.Count,
            open = Open,
            charged = Charged,
            submits = Calls(CallKind.Submit),
            queries = Calls(CallKind.Query),
            most_jobs_per_reference = JobsPerReference.Values.DefaultIfEmpty(0).Max(),
        }).Json);
        _app.MapPost("/simulator/next/{call}/{what}", (CallKind call, Misbehaviour what) => Plan.Next(call, what));
        _app.MapPost("/simulator/rates/{call}/{what}/{rate:double}", (CallKind call, Misbehaviour what, double rate) => Plan.AtRate(call, what, rate));
        _app.MapPost("/simulator/heal", Plan.Heal);
        Map(_app);
        await _app.StartAsync();
        BaseUrl = _app.Urls.First();
    }

    /// <summary>Moves a job and sends the callback of it, where the wire has one for that.</summary>
    public async Task MoveAsync(SimulatedJob job, JobStage stage)
    {
        job.Stage = stage;
        await SendCallbackAsync(job, stage);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        if (_app is not null)
        {
            using var atOnce = new CancellationTokenSource();
            await atOnce.CancelAsync();
            await _app.StopAsync(atOnce.Token);
            await _app.DisposeAsync();
        }

        _callbacks.Dispose();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Maps the provider's paths.</summary>
    protected abstract void Map(IEndpointRouteBuilder routes);

    /// <summary>The provider's words for a refusal; null where it has none for this.</summary>
    protected abstract SimulatorAnswer? Refusal(Misbehaviour what);

    /// <summary>Whether the wire calls back when a job reaches this stage.</summary>
    protected abstract bool CallsBack(JobStage stage);

    /// <summary>The callback's body for a stage, and the headers that sign it.</summary>
    protected abstract (string Body, IReadOnlyList<(string Name, string Value)> Headers) Callback(SimulatedJob job, JobStage stage);

    /// <summary>How far a job is.</summary>
    protected JobStage Stage(SimulatedJob job)
    {
        if (job.Stage is { } put)
        {
            return put;
        }

        if (options.JobTime is not { } takes)
        {
            return JobStage.Queued;
        }

        var age = time.GetUtcNow() - job.CreatedAt;
        return age < takes / 4 ? JobStage.Queued : age < takes ? JobStage.Running : job.End;
    }

    protected SimulatedJob? Find(string id) => _jobs.GetValueOrDefault(id);

    protected SimulatedJob? FindByReference(string reference) => _jobs.Values.FirstOrDefault(j => j.Reference == reference);

    protected string NewId(string prefix) => prefix + Interlocked.Increment(ref _ids).ToString("D12", CultureInfo.InvariantCulture);

    /// <summary>Where the made video is.</summary>
    protected string ResultUrl(SimulatedJob job) =>
        $"{BaseUrl}/simulator/results/{(job.Twist == Misbehaviour.ResultGone ? "gone" : "kept")}-{Uri.EscapeDataString(job.Id)}.mp4";

    /// <summary>The length that is claimed.</summary>
    protected decimal ClaimedSeconds(SimulatedJob job) => job.Twist == Misbehaviour.WrongDuration ? options.Seconds * 20 : options.Seconds;

    /// <summary>Takes a job, unless all places are taken.</summary>
    protected SimulatorAnswer Take(SimulatedJob job, Misbehaviour what, Func<SimulatedJob, SimulatorAnswer> taken)
    {
        lock (_admission)
        {
            if (options.Slots is { } slots && Open >= slots)
            {
                return Refusal(Misbehaviour.Busy)!;
            }

            job.Twist = what;
            _jobs[job.Id] = job;
        }

        if (options.JobTime is { } takes)
        {
            _ = RunAsync(job, takes);
        }

        return taken(job);
    }

    /// <summary>Answers a call, as well or as badly as it was told to.</summary>
    protected async Task AnswerAsync(HttpContext context, CallKind kind, Func<Misbehaviour, Task<SimulatorAnswer>> handle)
    {
        _calls.AddOrUpdate(kind, 1, (_, count) => count + 1);
        if (options.Latency > TimeSpan.Zero)
        {
            await Task.Delay(options.Latency, time, context.RequestAborted);
        }

        if (Plan.TakeAnswer(kind) is { } given)
        {
            await WriteAsync(context, given);
            return;
        }

        var what = Plan.Take(kind);
        switch (what)
        {
            case Misbehaviour.Hang:
                await HangAsync(context);
                return;
            case Misbehaviour.ServerError:
                await WriteAsync(context, new(500, "{}"));
                return;
            default:
                break;
        }

        var answer = Refusal(what) ?? await handle(what);
        switch (what)
        {
            case Misbehaviour.LoseReply:
                context.Abort();
                break;
            case Misbehaviour.HangAfterwards:
                await HangAsync(context);
                break;
            case Misbehaviour.ServerErrorAfterwards:
                await WriteAsync(context, new(500, "{}"));
                break;
            case Misbehaviour.MalformedJson:
                await WriteAsync(context, answer with { Json = answer.Json[..(answer.Json.Length / 2)] });
                break;
            case Misbehaviour.SlowBody:
                await DripAsync(context, answer);
                break;
            case Misbehaviour.EndlessBody:
                await FloodAsync(context, answer);
                break;
            default:
                await WriteAsync(context, answer);
                break;
        }
    }

    protected static async Task<string> ReadBodyAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
    }

    private static byte[] ReadResult()
    {
        using var resource = typeof(UpstreamSimulator).Assembly.GetManifestResourceStream("result.mp4")!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    }

    private static Task ServeAsync(HttpContext context, string name) => name.StartsWith("gone-", StringComparison.Ordinal)
        ? WriteAsync(context, new(404, "{}"))
        : Results.Bytes(Result, "video/mp4", enableRangeProcessing: true).ExecuteAsync(context);

    private static async Task WriteAsync(HttpContext context, SimulatorAnswer answer)
    {
        Head(context, answer);
        await context.Response.WriteAsync(answer.Json, context.RequestAborted);
    }

    private static void Head(HttpContext context, SimulatorAnswer answer)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "application/json";
        foreach (var (name, value) in answer.Headers)
        {
            context.Response.Headers[name] = value;
        }
    }

    private async Task HangAsync(HttpContext context)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _stopping.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private async Task DripAsync(HttpContext context, SimulatorAnswer answer)
    {
        Head(context, answer);
        foreach (var one in Encoding.UTF8.GetBytes(answer.Json))
        {
            await context.Response.Body.WriteAsync(new[] { one }, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, context.RequestAborted);
        }
    }

    private async Task FloodAsync(HttpContext context, SimulatorAnswer answer)
    {
        Head(context, answer);
        var spaces = new byte[64 * 1024];
        spaces.AsSpan().Fill((byte)' ');
        while (!context.RequestAborted.IsCancellationRequested && !_stopping.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(spaces, context.RequestAborted);
        }
    }

    /// <summary>Sends the callbacks of a job as its time goes by.</summary>
    private async Task RunAsync(SimulatedJob job, TimeSpan takes)
    {
        try
        {
            await Task.Delay(takes / 4, time, _stopping.Token);
            await SendCallbackAsync(job, JobStage.Running);
            await Task.Delay(takes - (takes / 4), time, _stopping.Token);
            if (job.Stage is null)
            {
                await SendCallbackAsync(job, job.End);
            }
        }
        catch (OperationCanceledException)
        {
            // The simulator stops.
        }
    }

    private async Task SendCallbackAsync(SimulatedJob job, JobStage stage)
    {
        if (job.CallbackUrl is not { } url || !CallsBack(stage))
        {
            return;
        }

        // Out of order: the end first, and what came before it afterwards.
        IEnumerable<JobStage> stages = job.Twist switch
        {
            Misbehaviour.DuplicateCallbacks => [stage, stage],
            Misbehaviour.ReorderedCallbacks when stage == JobStage.Running => [],
            Misbehaviour.ReorderedCallbacks => [stage, JobStage.Running, JobStage.Queued],
            _ => [stage],
        };
        foreach (var told in stages.Where(CallsBack))
        {
            var (body, headers) = Callback(job, told);
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            try
            {
                using var response = await _callbacks.SendAsync(request, _stopping.Token);
                CallbackAnswers.Enqueue((int)response.StatusCode);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                CallbackAnswers.Enqueue(0);
            }
        }
    }
}
