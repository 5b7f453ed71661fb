using Platform.Api.Errors;
using Platform.Domain.Catalog;
using Platform.Domain.Media;
using Platform.Domain.Tasks;

namespace Platform.Api.Videos;

/// <summary>Looks at an input of the caller's.</summary>
/// <param name="url">The URL as given.</param>
/// <param name="maxBytes">Largest allowed file.</param>
internal delegate Task<InputInspection> InputLook(string url, long maxBytes);

/// <summary>What a look at the inputs found, where it is known, or what is wrong.</summary>
internal readonly record struct InputsInspected(MediaInfo? Image, MediaInfo? Video, ApiError? Error)
{
    public decimal? VideoSeconds => Video?.DurationSeconds;
}

/// <summary>Looks at the inputs before a task is accepted, so that what can be known is refused at once.</summary>
internal static class InputInspector
{
    public static async Task<InputsInspected> InspectAsync(GenerationRequest request, InputLook look)
    {
        var looks = await Task.WhenAll(
            look(request.ImageUrl, MotionControlModel.MaxImageBytes),
            look(request.VideoUrl, MotionControlModel.MaxVideoBytes));
        var error = Judge("image_urls", looks[0], (info, length) => MotionControlModel.CheckImage(info, length))
            ?? Judge("video_urls", looks[1], (info, length) => MotionControlModel.CheckVideo(info, length, request.CharacterOrientation));
        return new((looks[0] as InputInspection.Recognised)?.Info, (looks[1] as InputInspection.Recognised)?.Info, error);
    }

    private static ApiError? Judge(string parameter, InputInspection look, Func<MediaInfo, long, string?> check) => look switch
    {
        InputInspection.Refused refused => ApiErrors.InvalidParameter(parameter, refused.Reason),
        InputInspection.Recognised found when check(found.Info, found.Length) is { } wrong => ApiErrors.InvalidParameter(parameter, wrong),
        _ => null,
    };
}
