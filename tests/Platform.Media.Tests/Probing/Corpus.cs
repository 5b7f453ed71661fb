using System.Diagnostics;

namespace Platform.Media.Tests.Probing;

/// <summary>Real files, made by ffmpeg once in a run.</summary>
public sealed class Corpus : IDisposable
{
    // name, what ffmpeg is asked for; {in} is a folder of files made before.
    private static readonly (string Name, string Arguments)[] Recipes =
    [
        ("back.mp4", $"{Picture(30, 5)} {Sound(5)} {H264} -c:a aac -shortest"),
        ("front.mp4", $"{Picture(30, 5)} {Sound(5)} {H264} -c:a aac -shortest -movflags +faststart"),
        ("silent.mp4", $"{Picture(25, 3)} {H264}"),
        ("back.mov", $"{Picture(30, 4)} {Sound(4)} {H264} -c:a pcm_s16le"),
        ("front.mov", $"{Picture(30, 4)} {H264} -movflags +faststart"),
        ("timecode.mov", $"{Picture(25, 3)} {H264} -timecode 01:00:00:00"),
        ("motionjpeg.mov", $"{Picture(15, 3)} -c:v mjpeg"),
        ("fragmented.mp4", $"{Picture(30, 5)} {Sound(5)} {H264} -c:a aac -g 30 -movflags frag_keyframe+empty_moov+default_base_moof"),
        ("fragmented-bframes.mp4", $"{Picture(30, 5)} -c:v libx264 -preset fast -bf 2 -g 30 -movflags frag_keyframe+empty_moov"),
        ("fragmented-delayed.mp4", $"{Picture(30, 5)} -c:v libx264 -preset fast -bf 2 -g 30 -movflags frag_keyframe+delay_moov"),
        ("fragmented-every-frame.mp4", $"{Picture(30, 4)} {H264} -movflags frag_every_frame+empty_moov"),
        ("fragmented-indexed.mp4", $"{Picture(30, 6)} {H264} -g 30 -movflags frag_keyframe+empty_moov+global_sidx"),
        ("fragmented-after-header.mp4", $"{Picture(30, 4)} {H264} -g 30 -movflags frag_keyframe"),
        ("dash.mp4", $"{Picture(30, 4)} {H264} -g 30 -movflags dash+frag_keyframe"),
        ("ntsc-5005.mp4", $"{Picture("30000/1001", 150)} {H264}"),
        ("ntsc-10010.mov", $"{Picture("30000/1001", 300)} {H264}"),
        ("film-bframes.mp4", $"{Picture("24000/1001", 97)} -c:v libx264 -preset fast -bf 3"),
        ("variable-rate.mp4", $"{Picture(30, 6)} {H264} -vf select='not(eq(mod(n\\,7)\\,3))*not(between(n\\,40\\,55))' -vsync vfr"),
        ("video-longer.mp4", $"{Picture(30, 6)} {Sound(2)} {H264} -c:a aac"),
        ("audio-longer.mp4", $"{Picture(30, 3)} {Sound(8)} {H264} -c:a aac"),
        ("delayed-video.mp4", "-itsoffset 1.5 -i {in}/silent.mp4 -i {in}/audio-longer.mp4 -map 0:v -map 1:a -c copy"),
        ("portrait.mp4", $"-f lavfi -i testsrc=size=90x160:rate=30:duration=3 {H264}"),
        ("timescale.mp4", $"{Picture(30, 3)} {H264} -video_track_timescale 90000"),
        ("rotated-90.mp4", "-i {in}/back.mp4 -c copy -metadata:s:v:0 rotate=90"),
        ("rotated-180.mp4", "-i {in}/back.mp4 -c copy -metadata:s:v:0 rotate=180"),
        ("rotated-270.mov", "-i {in}/back.mov -c copy -metadata:s:v:0 rotate=270"),
        ("edited.mp4", "-ss 1.3 -i {in}/film-bframes.mp4 -c copy"),
        ("edited-short.mov", "-ss 0.7 -i {in}/back.mov -t 2 -c copy"),
        ("hybrid-brand.mp4", "-i {in}/back.mp4 -c copy -brand mp42"),
    ];

    private readonly TemporaryFolder _folder = new();

    public Corpus()
    {
        // Recipes that copy need what the others make; the rest is independent.
        var (first, second) = (Recipes.Where(recipe => !recipe.Arguments.Contains("{in}")), Recipes.Where(recipe => recipe.Arguments.Contains("{in}")));
        var twoCores = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        Parallel.ForEach(first, twoCores, Make);
        Parallel.ForEach(second, twoCores, Make);
        Make(("cuts.mp4", "-f lavfi -i testsrc=size=160x90:rate=30:duration=1.5 -f lavfi -i smptebars=size=160x90:rate=30:duration=2 "
            + "-f lavfi -i color=red:size=160x90:rate=30:duration=0.4 -f lavfi -i color=blue:size=160x90:rate=30:duration=0.4 "
            + $"-filter_complex [0][1][2][3]concat=n=4 {H264}"));
        Make(("sound-only.mp4", $"{Sound(4)} -c:a aac"));
        Make(("anamorphic.mp4", $"{Picture(30, 2)} -vf setsar=2 {H264}"));
        Make(("picture.jpg", "-f lavfi -i testsrc=size=320x200 -frames:v 1"));
        Make(("picture.png", "-f lavfi -i testsrc=size=320x200 -frames:v 1"));
        Make(("animation.gif", $"{Picture(10, 1)}"));
        Make(("film.webm", $"{Picture(10, 1)} -c:v libvpx -deadline realtime"));
    }

    public static TheoryData<string> Videos => [.. Recipes.Select(recipe => recipe.Name)];

    private static string H264 => "-c:v libx264 -preset ultrafast -pix_fmt yuv420p";

    public string PathOf(string name) => _folder.File(name);

    public byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    public void Dispose() => _folder.Dispose();

    private static string Picture(int rate, int seconds) => $"-f lavfi -i testsrc=size=160x90:rate={rate}:duration={seconds}";

    private static string Picture(string rate, int frames) => $"-f lavfi -i testsrc=size=160x90:rate={rate} -frames:v {frames}";

    private static string Sound(int seconds) => $"-f lavfi -i sine=frequency=440:duration={seconds}";

    private void Make((string Name, string Arguments) recipe)
    {
        var arguments = $"-v error -nostdin -threads 1 {recipe.Arguments.Replace("{in}", _folder.Path, StringComparison.Ordinal)} -y {PathOf(recipe.Name)}";
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var complaints = process.StandardError.ReadToEnd();
        process.WaitForExit();
        (process.ExitCode == 0 && File.Exists(PathOf(recipe.Name))).Should().BeTrue($"ffmpeg makes {recipe.Name}: {complaints}");
    }
}

[CollectionDefinition(Name)]
public sealed class CorpusCollection : ICollectionFixture<Corpus>
{
    public const string Name = "corpus";
}
