using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Platform.Api.Errors;
using Platform.Api.Tests.Hosting;
using Platform.Domain.Credits;

namespace Platform.Api.Tests.Errors;

/// <summary>Clients resend a paid POST by themselves; the answer says where that is wrong, and when it is right.</summary>
public sealed class RetryHeaderTests
{
    public static TheoryData<string, bool, bool> Refusals => new()
    {
        // name, stop, wait
        { nameof(ApiErrors.InvalidTaskId), true, false },
        { nameof(ApiErrors.InvalidApiKey), true, false },
        { nameof(ApiErrors.KeyDisabled), true, false },
        { nameof(ApiErrors.KeyExpired), true, false },
        { nameof(ApiErrors.UserDisabled), true, false },
        { nameof(ApiErrors.IdempotencyConflict), true, false },
        { nameof(ApiErrors.InvalidIdempotencyKey), true, false },
        { nameof(ApiErrors.TaskNotFound), true, false },
        { nameof(ApiErrors.FileNotFound), true, false },
        { nameof(ApiErrors.MethodNotAllowed), true, false },
        { nameof(ApiErrors.LinkExpired), true, false },
        { nameof(ApiErrors.QuoteForged), true, false },
        { nameof(ApiErrors.QuoteExpired), true, false },
        { nameof(ApiErrors.QuoteMismatch), true, false },
        { nameof(ApiErrors.IdempotencyInProgress), false, true },
        { nameof(ApiErrors.QueueFull), false, true },
        { nameof(ApiErrors.NoAvailableChannel), false, true },
        { nameof(ApiErrors.OutcomeUnknown), false, true },
        { nameof(ApiErrors.InternalError), false, false },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Write_Refusal_SaysWhetherToResend(string name, bool stop, bool wait)
    {
        var error = (ApiError)typeof(ApiErrors).GetMethod(name)!.Invoke(null, [])!;

        await AssertAsync(error, stop, wait);
    }

    [Fact]
    public async Task Write_RefusalOfThisRequest_SaysNotToResend()
    {
        await AssertAsync(ApiErrors.InsufficientCredits(CreditAmount.From(2), CreditAmount.Zero), stop: true, wait: false);
        await AssertAsync(ApiErrors.AboveLimit(CreditAmount.From(2), CreditAmount.Zero), stop: true, wait: false);
        await AssertAsync(ApiErrors.AboveQuote(CreditAmount.From(2), CreditAmount.Zero), stop: true, wait: false);
        await AssertAsync(ApiErrors.NotCancellable("The task has ended."), stop: true, wait: false);
        await AssertAsync(ApiErrors.BodyTooLarge(1), stop: true, wait: false);
        await AssertAsync(ApiErrors.InvalidParameter("prompt", "'prompt' is wrong."), stop: true, wait: false);
    }

    private static async Task AssertAsync(ApiError error, bool stop, bool wait)
    {
        var context = new DefaultHttpContext();

        await ErrorResponse.WriteAsync(context, error);

        context.Response.StatusCode.Should().Be(error.Status);
        (context.Response.Headers["x-should-retry"] == "false").Should().Be(stop);
        if (wait)
        {
            int.Parse(context.Response.Headers.RetryAfter.ToString(), CultureInfo.InvariantCulture).Should().BePositive();
        }
        else
        {
            context.Response.Headers.RetryAfter.Count.Should().Be(0);
        }
    }
}

[Collection(PlatformCollection.Name)]
public sealed class RetryHeaderOverHttpTests(TestPlatform platform)
{
    [Fact]
    public async Task Create_Refused_TellsTheClientNotToResend()
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.PostAsync("/v1/videos/generations", "{}");

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        response.Headers.GetValues("x-should-retry").Should().Equal("false");
    }
}
