namespace Platform.Baselines;

/// <summary>A minimal endpoint that answers <c>GET /v1/tasks/{id}</c> with the same bytes each time: no key, no limits, no store.</summary>
internal static class SameBytes
{
    public static async Task ServeAsync(string url, byte[] body)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        app.MapGet("/v1/tasks/{id}", (HttpContext context) =>
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body, 0, body.Length);
        });
        await app.StartAsync();
        await Console.Out.WriteLineAsync("listening");
        await Console.In.ReadLineAsync();
        await app.StopAsync();
    }
}
