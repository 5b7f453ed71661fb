using Platform.Domain.Media;
using Platform.Domain.Tenants;
using Platform.Domain.Upstreams;
using Platform.Simulation.Kernel;
using Platform.Simulation.Silos;

namespace Platform.Simulation.Surroundings;

/// <summary>Inputs and results: what a URL serves differs from one time to the next.</summary>
internal sealed class MediaClient(World world, Silo silo) : IInputMedia, IResultMedia
{
    private static readonly decimal[] Lengths = [2.5m, 3.499m, 3.5m, 4.967m, 5m, 12m, 31m, 0m];

    public Task<InputInspection> InspectAsync(TenantId tenant, string url, long maxBytes, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<InputCopy> CopyAsync(TenantId tenant, string url, string targetKey, long maxBytes, CancellationToken cancellationToken) =>
        CallAsync<InputCopy>("copy in", () =>
        {
            if (world.Mishaps.Happens(4))
            {
                return new InputCopy.Unavailable("simulated");
            }

            if (world.Mishaps.Happens(2))
            {
                return new InputCopy.Refused("simulated");
            }

            return targetKey.EndsWith("image", StringComparison.Ordinal)
                ? new InputCopy.Copied(new(1000, "aa"), new() { Format = MediaFormat.Jpeg, Width = 1024, Height = 1024 })
                : new InputCopy.Copied(new(5000, "bb"), Video(world.Mishaps.Happens(3) ? 9m : 3m));
        });

    public Task<ResultCopy> StoreAsync(UpstreamOutput output, string targetKey, CancellationToken cancellationToken) =>
        CallAsync<ResultCopy>("copy out", () =>
        {
            if (world.Mishaps.Happens(10))
            {
                Disown(output);
                return new ResultCopy.Unavailable("simulated");
            }

            if (world.Mishaps.Happens(4))
            {
                Disown(output);
                return new ResultCopy.Unusable("simulated");
            }

            decimal? length = world.Chance.Percent(3) ? null : world.Chance.Pick(Lengths);
            return new ResultCopy.Stored(new(9000, "cc"), Video(length));
        });

    private static MediaInfo Video(decimal? length) => new() { Format = MediaFormat.Mp4, Width = 720, Height = 1280, DurationSeconds = length };

    // It may be asked for again and then be there, or be made elsewhere: either way nobody paid twice by our doing.
    private void Disown(UpstreamOutput output) => world.Disown(Path.GetFileNameWithoutExtension(output.Location));

    private Task<T> CallAsync<T>(string kind, Func<T> effect) => world.Wire.CallAsync(
        silo, kind, world.Mishaps.Happens(2) ? Mishap.FailsBefore : Mishap.None, effect, () => new IOException("The disk is gone."));
}
