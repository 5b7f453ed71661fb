using Platform.EndToEnd.Tests.Running;

namespace Platform.Cluster.Live.Running;

/// <summary>A tenant with a key, plenty of credits and uploaded inputs.</summary>
internal sealed record Tenant(string Id, string Key, Inputs Inputs)
{
    public static async Task<Tenant> NewAsync(HttpClient http, string adminKey, string credits)
    {
        var admin = new Caller(http, adminKey);
        var id = (await admin.PostAsync("/admin/v1/tenants", """{"name":"A tenant of the cluster"}""")).Ok().Text("id");
        var key = (await admin.PostAsync($"/admin/v1/tenants/{id}/api-keys", """{"name":"A key"}""")).Ok().Text("secret");
        (await admin.PostAsync($"/admin/v1/tenants/{id}/grants", $$"""{"credits":{{credits}},"note":"For the tests"}""")).Ok();
        var inputs = await new Caller(http, key).UploadAsync(await Clips.Image, await Clips.Quick);
        return new(id, key, inputs);
    }
}
