using System.Net;

namespace Platform.Host.Pages;

/// <summary>What <c>/</c> shows where there is no console: the address and a first call.</summary>
internal static class LandingPage
{
    public static void MapLandingPage(this IEndpointRouteBuilder routes, string publicUrl)
    {
        var page = Render(publicUrl);
        routes.MapGet("/", (HttpContext context) =>
        {
            context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            return TypedResults.Text(page, "text/html; charset=utf-8");
        });
    }

    private static string Render(string publicUrl)
    {
        var url = WebUtility.HtmlEncode(publicUrl);
        return $$$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <meta name="viewport" content="width=device-width, initial-scale=1">
              <title>Platform</title>
              <style>
                body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark; }
                pre { overflow-x: auto; padding: 1rem; border: 1px solid currentColor; font: 14px/1.5 ui-monospace, monospace; }
              </style>
            </head>
            <body>
              <main>
                <h1>Platform</h1>
                <p>AI video generation through one asynchronous API. It listens at <code>{{{url}}}</code>.</p>
                <h2>A first call</h2>
                <p>The key was printed by <code>./run</code>. Upload an image and a clip, create a task, get it until it is completed:</p>
            <pre>curl -s {{{url}}}/v1/files -H "Authorization: Bearer $KEY" -F file=@samples/character.png
            curl -s {{{url}}}/v1/files -H "Authorization: Bearer $KEY" -F file=@samples/motion.mp4
            curl -s {{{url}}}/v1/videos/generations -H "Authorization: Bearer $KEY" -H "Content-Type: application/json" \
              -d '{"model":"kling-v3-motion-control","image_urls":["IMAGE file_url"],"video_urls":["VIDEO file_url"],"quality":"720p","model_params":{"character_orientation":"image"}}'
            curl -s {{{url}}}/v1/tasks/TASK_ID -H "Authorization: Bearer $KEY"</pre>
              </main>
            </body>
            </html>

            """;
    }
}
