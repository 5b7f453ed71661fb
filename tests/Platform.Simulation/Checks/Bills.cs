using Platform.Domain.Tasks;
using Platform.Domain.Upstreams;
using Platform.Simulation.Surroundings;

namespace Platform.Simulation.Checks;

/// <summary>What providers charge, and what was sent to them: nothing that is not recorded, and nothing twice by our doing.</summary>
internal sealed class Bills(World world)
{
    private readonly Dictionary<string, List<ProviderJob>> _charged = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _sends = new(StringComparer.Ordinal);

    /// <summary>A silo sends a job, at this moment.</summary>
    public void Sent(SubmitRequest request)
    {
        var path = request.ImageBlobKey.Split('/');
        var task = world.Books.Find(new(new(path[1]), new(path[2])));
        var attempt = task?.Attempts.FirstOrDefault(a => a.Id == request.Reference);
        var sends = _sends[request.Reference] = _sends.GetValueOrDefault(request.Reference) + 1;
        world.Require(
            Invariant.SendsAreRecorded,
            attempt is not null && attempt.Sends >= sends && attempt.Account == request.Account,
            () => $"{request.Reference} of {path[2]} is sent for the {sends}. time; recorded are {attempt?.Sends ?? 0}");
    }

    /// <summary>A provider takes a job, and charges for it unless it fails or is stopped.</summary>
    public void Charge(ProviderJob job, string provider)
    {
        if (!_charged.TryGetValue(job.Task, out var jobs))
        {
            _charged.Add(job.Task, jobs = []);
        }

        world.Coverage.Happened($"job at {provider}");
        var earlier = jobs.Find(j => j is { IsCharged: true, IsDisowned: false });
        jobs.Add(job);
        world.Require(
            Invariant.NobodyPaysTwice,
            earlier is null,
            () => $"{job.Task} is charged for {earlier!.Id} ({earlier.Reference}, {earlier.Fate}) and for {job.Id} ({job.Reference})");
    }
}
