using System.Diagnostics.Metrics;
using Platform.Domain;

namespace Platform.Storage;

/// <summary>The meter <c>Platform.Storage</c>: how many transactions carry how many units, and which fences are lost.</summary>
internal sealed class StorageMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Platform.Storage";

    private readonly Counter<long> _commits;
    private readonly Counter<long> _units;
    private readonly Counter<long> _redone;
    private readonly Counter<long> _lost;
    private readonly Histogram<int> _groupSize;

    public StorageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _commits = meter.CreateCounter<long>("platform.storage.commits", "{transaction}", "Transactions that were committed; each is one flush.");
        _units = meter.CreateCounter<long>("platform.storage.units", "{unit}", "Units that were committed.");
        _redone = meter.CreateCounter<long>("platform.storage.groups_redone", "{group}", "Groups that were redone unit by unit after a failure.");
        _lost = meter.CreateCounter<long>("platform.storage.units_lost", "{unit}", "Units that lost a fence.");
        _groupSize = meter.CreateHistogram<int>("platform.storage.group_size", "{unit}", "Units in one transaction.");
    }

    public void Committed(int units)
    {
        _commits.Add(1);
        _units.Add(units);
        _groupSize.Record(units);
    }

    public void Redone() => _redone.Add(1);

    public void Lost(Fence fence) => _lost.Add(1, new KeyValuePair<string, object?>("fence", FenceName(fence)));

    private static string FenceName(Fence fence) => fence switch
    {
        Fence.AccountVersion => "account_version",
        Fence.TaskVersion => "task_version",
        Fence.TaskId => "task_id",
        Fence.IdempotencyKey => "idempotency_key",
        Fence.Operation => "operation",
        Fence.Slot => "slot",
        _ => throw new ArgumentOutOfRangeException(nameof(fence), fence, "Not a fence."),
    };
}
