using System.Diagnostics.Metrics;
using Platform.Domain.Credits;
using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;

namespace Platform.Grains.Telemetry;

/// <summary>The meter <c>Platform.Grains</c>. No tenant and no task is ever a label: their number has no bound.</summary>
internal sealed class GrainMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Platform.Grains";

    private readonly Counter<long> _accepted;
    private readonly Counter<long> _ended;
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _unused;
    private readonly Histogram<double> _stepLag;
    private readonly Counter<long> _submits;
    private readonly Counter<long> _swept;

    public GrainMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _accepted = meter.CreateCounter<long>("platform.tasks.accepted", "{task}", "Tasks that were accepted, by model and quality.");
        _ended = meter.CreateCounter<long>("platform.tasks.ended", "{task}", "Tasks that ended, by model, status and error.");
        _duration = meter.CreateHistogram<double>("platform.tasks.duration", "s", "From acceptance to the end of a completed task.");
        _unused = meter.CreateHistogram<int>("platform.settle.unused", "s", "Seconds that were reserved and not billed, of completed tasks.");
        _stepLag = meter.CreateHistogram<double>("platform.tasks.step_lag", "s", "How long after its time a task took its next step, as a poll.");
        _submits = meter.CreateCounter<long>("platform.upstream.submits", "{submit}", "Submits, by kind of upstream and class of the answer.");
        _swept = meter.CreateCounter<long>("platform.sweeper.woken", "{task}", "Tasks that were due and that nobody had looked after.");
    }

    /// <summary>Counts what a committed unit did.</summary>
    public void Committed(AccountUnit unit)
    {
        foreach (var accepted in unit.Accepted)
        {
            _accepted.Add(1, Label("model", accepted.Task.Request.Model), Label("quality", accepted.Task.Request.Quality));
        }

        foreach (var resolved in unit.Resolved)
        {
            Ended(resolved.Task, resolved.Resolution);
        }
    }

    /// <summary>How late a step was that had a time.</summary>
    public void StepLag(TimeSpan lag) => _stepLag.Record(Math.Max(0, lag.TotalSeconds));

    /// <summary>An upstream's answer to a submit.</summary>
    public void Submitted(string upstream, SubmitOutcome outcome) =>
        _submits.Add(1, Label("upstream", upstream), Label("class", outcome.GetType().Name));

    /// <summary>Tasks that a sweep woke.</summary>
    public void Swept(int tasks) => _swept.Add(tasks);

    private void Ended(GenerationTask task, TaskResolution resolution)
    {
        var error = (task.Phase as TaskPhase.Ended)?.Outcome is TaskOutcome.Failed failed ? failed.Error.Code.ToString() : "none";
        _ended.Add(1, Label("model", task.Request.Model), Label("status", task.Status.ToString()), Label("error", error));
        if (task.Status == GenerationStatus.Completed)
        {
            _duration.Record((resolution.At - task.CreatedAt).TotalSeconds, Label("model", task.Request.Model));
            _unused.Record(task.ReservedSeconds - resolution.BilledSeconds);
        }
    }

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
