using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Grains.Tests.Cluster;

namespace Platform.Grains.Tests.Tasks;

public sealed class InputTests(ClusterFixture fixture) : GrainTest(fixture)
{
    [Fact]
    public Task Copy_Refused_FailsAndNothingIsSent() =>
        FailsAsync(_ => new InputCopy.Refused("forbidden"), TaskErrorCode.InvalidParameters);

    [Fact]
    public Task Copy_VideoLongerThanReserved_FailsAndNothingIsSent() =>
        FailsAsync(k => k == MediaKind.Image ? World.GoodInput(k) : World.GoodVideo(6m), TaskErrorCode.InvalidParameters);

    [Fact]
    public Task Copy_IsNoVideo_FailsAndNothingIsSent() =>
        FailsAsync(_ => World.GoodInput(MediaKind.Image), TaskErrorCode.InvalidParameters);

    [Fact]
    public Task Copy_UnavailableForEver_FailsAndNothingIsSent() =>
        FailsAsync(_ => new InputCopy.Unavailable("away"), TaskErrorCode.ResourceNotFound);

    [Fact]
    public async Task Copy_UnavailableOrThrowingForAWhile_IsTriedAgain()
    {
        var customer = await NewCustomerAsync();
        var tries = 0;
        customer.Script.OnCopy = kind => tries++ switch
        {
            0 => Task.FromResult<InputCopy>(new InputCopy.Unavailable("away")),
            3 => throw new InvalidOperationException("A bug."),
            _ => Task.FromResult(World.GoodInput(kind)),
        };

        (await customer.EndAsync(await customer.AcceptAsync())).Status.Should().Be(GenerationStatus.Completed);
    }

    [Fact]
    public async Task Copy_LengthWasNotKnown_TheCapIsReservedAndTheVideoBilled()
    {
        var customer = await NewCustomerAsync();
        var id = await customer.AcceptAsync(customer.Command(seconds: null));
        (await customer.FindAsync(id)).ReservedSeconds.Should().Be(30);

        await customer.EndAsync(id);

        await customer.ShouldHaveAsync(1000m - 40.824m, 40.824m);
    }

    private async Task FailsAsync(Func<MediaKind, InputCopy> copy, TaskErrorCode code)
    {
        var customer = await NewCustomerAsync();
        customer.Script.OnCopy = kind => Task.FromResult(copy(kind));

        var task = await customer.EndAsync(await customer.AcceptAsync());

        task.Should().HaveFailedWith(code);
        customer.Script.Alpha.Submits.Should().Be(0);
        await customer.ShouldHaveAsync(1000m, 0m);
    }
}
