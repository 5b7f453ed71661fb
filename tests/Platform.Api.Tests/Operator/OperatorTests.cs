using System.Net;
using System.Net.Http.Headers;
using Platform.Api.Tests.Hosting;

namespace Platform.Api.Tests.Operator;

[Collection(PlatformCollection.Name)]
public sealed class OperatorTests(TestPlatform platform)
{
    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("{}", "name")]
    [InlineData("""{"name":1}""", "name")]
    [InlineData("""{"name":"\ud800"}""", "name")]
    public async Task CreateTenant_BadName_NamesIt(string body, string param)
    {
        using var response = await platform.SendAsOperatorAsync("/admin/v1/tenants", body);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", param);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"name\"")]
    [InlineData("{")]
    public async Task CreateTenant_NoObject_Is400(string body)
    {
        using var response = await platform.SendAsOperatorAsync("/admin/v1/tenants", body);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("""{"credits":0.123456789}""")]
    [InlineData("""{"credits":0}""")]
    [InlineData("""{"credits":-1}""")]
    [InlineData("""{"credits":1e30}""")]
    [InlineData("""{"credits":"1"}""")]
    [InlineData("""{"note":"x"}""")]
    public async Task Grant_AmountThatIsNone_NamesIt(string body)
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await platform.SendAsOperatorAsync($"/admin/v1/tenants/{tenant.Id}/grants", body);

        await response.ShouldBeErrorAsync(HttpStatusCode.BadRequest, "invalid_parameter", "credits");
        (await tenant.CreditsAsync()).Should().Contain("\"remaining_credits\":0,");
    }

    [Fact]
    public async Task Grant_SameKeyTwice_IsBookedOnce()
    {
        var tenant = await platform.NewTenantAsync();
        var ids = new List<string?>();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/admin/v1/tenants/{tenant.Id}/grants")
            {
                Content = Json.Content("""{"credits":10.00000001}"""),
            };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TestPlatform.AdminKey);
            request.Headers.Add("Idempotency-Key", "grant-1");
            using var response = await platform.Anonymous.SendAsync(request);
            response.StatusCode.Should().Be(HttpStatusCode.OK);
            ids.Add((await response.JsonAsync()).GetProperty("id").GetString());
        }

        ids.Distinct().Should().ContainSingle();
        (await tenant.CreditsAsync()).Should().Contain("\"remaining_credits\":10.00000001,");
    }

    [Fact]
    public async Task Grant_UnknownTenant_Is404()
    {
        using var response = await platform.SendAsOperatorAsync("/admin/v1/tenants/ten_nobody/grants", """{"credits":1}""");

        await response.ShouldBeErrorAsync(HttpStatusCode.NotFound, "tenant_not_found");
    }
}
