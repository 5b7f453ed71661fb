using Platform.Domain.Upstreams;
using Platform.Simulation.Kernel;
using Platform.Simulation.Silos;

namespace Platform.Simulation.Surroundings;

/// <summary>A silo's way to one provider.</summary>
internal sealed class UpstreamClient(World world, Silo silo, Provider provider) : IUpstream
{
    // A connection breaks with the call's time-out. What the caller's clock may be wrong by comes off, twice: once for who sends, once
    // for who looks up.
    private static readonly TimeSpan Margin = 2 * World.MostAhead;

    public string Kind => provider.Kind;

    public UpstreamCapabilities Capabilities => provider.Capabilities;

    public Task<SubmitOutcome> SubmitAsync(SubmitRequest request, CancellationToken cancellationToken)
    {
        if (!silo.IsDead)
        {
            world.Bills.Sent(request);
        }

        var mishap = world.Mishaps.OfUpstreamCall();
        return CallAsync("submit", mishap, () => provider.Submit(request)!);
    }

    public Task<QueryOutcome> QueryAsync(string account, string upstreamTaskId, CancellationToken cancellationToken) =>
        CallAsync("query", world.Mishaps.OfUpstreamCall(), () => provider.Query(upstreamTaskId)!);

    public Task<CancelOutcome> CancelAsync(string account, string upstreamTaskId, CancellationToken cancellationToken) =>
        CallAsync("cancel", world.Mishaps.OfUpstreamCall(), () => provider.Cancel(upstreamTaskId)!);

    public Task<LookupOutcome> FindByReferenceAsync(string account, string reference, CancellationToken cancellationToken) =>
        CallAsync("look-up", world.Mishaps.OfUpstreamCall(), () => provider.Find(reference)!);

    private Task<T> CallAsync<T>(string kind, Mishap mishap, Func<T> effect) => world.Wire.CallAsync(
        silo, kind, mishap, effect, () => new HttpRequestException("The connection broke."), provider.Capabilities.CallTimeout - Margin);
}
