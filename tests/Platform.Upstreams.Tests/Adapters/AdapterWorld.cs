using Microsoft.Extensions.DependencyInjection;
using Platform.Conformance.Upstreams;
using Platform.Domain.Upstreams;
using Platform.UpstreamSimulators;
using Platform.UpstreamSimulators.Fal;
using Platform.UpstreamSimulators.Kling;
using Platform.UpstreamSimulators.PlatformApi;
using Platform.UpstreamSimulators.Replicate;

namespace Platform.Upstreams.Tests.Adapters;

/// <summary>An adapter against its simulator, over real HTTP.</summary>
public sealed class AdapterWorld : UpstreamUnderTest
{
    public const string AccountName = "main";

    private readonly ServiceProvider _services;

    private AdapterWorld(ServiceProvider services, UpstreamSimulator simulator, IUpstream upstream)
    {
        _services = services;
        Simulator = simulator;
        Upstream = upstream;
    }

    public UpstreamSimulator Simulator { get; }

    public MisbehaviourPlan Plan => Simulator.Plan;

    public override IUpstream Upstream { get; }

    public override string Account => AccountName;

    public override int Jobs => Simulator.Jobs.Count;

    public static async Task<AdapterWorld> OpenAsync(
        string kind, TimeProvider? time = null, Action<UpstreamAccountOptions>? configure = null, SimulatorOptions? options = null)
    {
        time ??= TimeProvider.System;
        options ??= new();
        UpstreamSimulator simulator = kind switch
        {
            "kling" => new KlingSimulator(options, time),
            "fal" => new FalSimulator(options, time),
            "replicate" => new ReplicateSimulator(options, time),
            "platform" => new PlatformSimulator(options, time),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
        await simulator.StartAsync();
        var account = new UpstreamAccountOptions
        {
            Kind = kind,
            BaseUrl = simulator.BaseUrl,
            ApiKey = options.ApiKey,
            AccessKey = options.AccessKey,
            SecretKey = options.ApiKey,
            KeysUrl = (simulator as FalSimulator)?.KeysUrl,
        };
        account.WebhookSecrets.Add(options.WebhookSecret);
        configure?.Invoke(account);
        var services = new ServiceCollection()
            .AddSingleton(time)
            .AddUpstreams(upstreams => upstreams.Accounts[AccountName] = account)
            .BuildServiceProvider();
        return new(services, simulator, services.GetServices<IUpstream>().Single(u => u.Kind == kind));
    }

    public static SubmitRequest Request(string reference = "att_00000000000000000001") => new()
    {
        Account = AccountName,
        Reference = reference,
        Model = "kling-v3-motion-control",
        ImageBlobKey = "inputs/t/x/image",
        VideoBlobKey = "inputs/t/x/video",
        ImageUrl = "https://platform.test/v1/media/inputs/t/x/image.png?expires=1&signature=a",
        VideoUrl = "https://platform.test/v1/media/inputs/t/x/video.mp4?expires=1&signature=b",
        CallbackUrl = "https://platform.test/v1/upstream-callbacks/t/x/att/mac",
        Prompt = "A dance",
        Quality = "1080p",
        CharacterOrientation = "image",
        KeepSound = true,
        Watermark = false,
    };

    public Task<SubmitOutcome> SubmitAsync(CancellationToken cancellationToken = default) => Upstream.SubmitAsync(Request(), cancellationToken);

    public async Task<string> AcceptAsync(Misbehaviour twist = Misbehaviour.None)
    {
        Plan.Next(CallKind.Submit, twist);
        return (await SubmitAsync()).Should().BeOfType<SubmitOutcome.Accepted>().Which.UpstreamTaskId;
    }

    public Task<QueryOutcome> QueryAsync(string id, CancellationToken cancellationToken = default) => Upstream.QueryAsync(AccountName, id, cancellationToken);

    public SimulatedJob Job(string id) => Simulator.Jobs.Single(j => j.Id == id);

    public override Task SucceedAsync(string upstreamTaskId)
    {
        Job(upstreamTaskId).Stage = JobStage.Succeeded;
        return Task.CompletedTask;
    }

    public override Task FailAsync(string upstreamTaskId)
    {
        Job(upstreamTaskId).Stage = JobStage.Failed;
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Simulator.DisposeAsync();
    }
}
