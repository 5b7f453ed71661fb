using Platform.Api.Errors;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;
using Platform.Domain.Tenants;

namespace Platform.Api.Videos;

/// <summary>What a look at the inputs found: the clip's length where it is known, or what is wrong.</summary>
internal readonly record struct InputsInspected(decimal? VideoSeconds, ApiError? Error);

/// <summary>Looks at the inputs before a task is accepted, so that what can be known is refused at once.</summary>
internal sealed class InputInspector(IInputMedia media)
{
    public async Task<InputsInspected> InspectAsync(TenantId tenant, GenerationRequest request, CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(
            media.InspectAsync(tenant, request.ImageUrl, MotionControlModel.MaxImageBytes, cancellationToken),
            media.InspectAsync(tenant, request.VideoUrl, MotionControlModel.MaxVideoBytes, cancellationToken));
        var error = Judge("image_urls", looks[0], (info, length) => MotionControlModel.CheckImage(info, length))
            ?? Judge("video_urls", looks[1], (info, length) => MotionControlModel.CheckVideo(info, length, request.CharacterOrientation));
        return new((looks[1] as InputInspection.Recognised)?.Info.DurationSeconds, error);
    }

    private static ApiError? Judge(string parameter, InputInspection look, Func<MediaInfo, long, string?> check) => look switch
    {
        InputInspection.Refused refused => ApiErrors.InvalidParameter(parameter, refused.Reason),
        InputInspection.Recognised found when check(found.Info, found.Length) is { } wrong => ApiErrors.InvalidParameter(parameter, wrong),
        _ => null,
    };
}
