using Orleans.Concurrency;

namespace Platform.Grains.Contracts;

/// <summary>
/// A provider account at work: whose turn it is for its slots, the breakers of its routes, whether it is in service. It decides who may
/// try; what is tried is recorded by the task, behind the store's fences. Key: <c>kind/account</c>.
/// </summary>
[Alias("platform.upstream-account")]
public interface IUpstreamAccountGrain : IGrainWithStringKey
{
    /// <summary>Asks whether a task may record an attempt. Asking again keeps its place in the queue, and is how it says that it still waits.</summary>
    [Alias("Admit")]
    Task<AdmitReply> Admit(AdmitAttempt ask);

    /// <summary>Tells how an attempt went. Safe to lose: slots are read from the store again, and the next attempts tell the rest.</summary>
    [Alias("Report"), OneWay]
    Task Report(AttemptReport report);

    /// <summary>A task no longer waits here: it found a place elsewhere, or has ended. Safe to lose.</summary>
    [Alias("Withdraw"), OneWay]
    Task Withdraw(TaskRef task);

    /// <summary>The operator switches the account, or one of its routes; durable. Enabling it also ends an outage and closes breakers.</summary>
    [Alias("Switch")]
    Task<UpstreamAccountView?> Switch(SwitchUpstream set);

    /// <summary>How it stands, for the operator.</summary>
    [Alias("View")]
    Task<UpstreamAccountView> View();
}
