using Microsoft.AspNetCore.Http;
using Platform.Api.Errors;
using Platform.Api.OpenApi;

namespace Platform.Api.Upstreams;

/// <summary>What the address for providers' callbacks promises.</summary>
internal static class CallbackOperations
{
    public static readonly Operation Receive = new("receiveUpstreamCallback", Topic.Service, "Take a provider's callback")
    {
        Description = "For the providers that work on tasks; they are given the address with each. What they send is of their own form.",
        Inputs =
        [
            Input.Path("tenant", Schema.Text(), "Part of the address that was given."),
            Input.Path("task", Schema.Text(), "Part of the address that was given."),
            Input.Path("attempt", Schema.Text(), "Part of the address that was given."),
            Input.Path("mac", Schema.Text(), "Shows that the address was given."),
        ],
        Body = Content.Anything,
        Answers = [new(StatusCodes.Status200OK, "It was taken.")],
        Refusals = [ApiErrors.CallbackNotFound(), ApiErrors.CallbackRefused(), ApiErrors.BodyTooLarge(RequestBody.MaxBytes), ApiErrors.NotInTime()],
    };
}
