using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Auth;
using Platform.Api.Tests.Hosting;
using Platform.Domain.Tenants;

namespace Platform.Api.Tests.Auth;

[Collection(PlatformCollection.Name)]
public sealed class AuthenticationTests(TestPlatform platform)
{
    private ITenantStore Tenants => platform.Services.GetRequiredService<ITenantStore>();

    private TimeProvider Time => platform.Services.GetRequiredService<TimeProvider>();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer sk-nobody-has-this-key")]
    [InlineData("Basic c2stbm9ib2R5OnNrLW5vYm9keQ==")]
    [InlineData("sk-nobody-has-this-key")]
    public async Task Get_NoGoodKey_Is401(string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/credits");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", header);
        }

        using var response = await platform.Anonymous.SendAsync(request);

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
        response.Headers.WwwAuthenticate.Should().ContainSingle().Which.Scheme.Should().Be("Bearer");
    }

    [Fact]
    public async Task Get_SchemeInAnyCase_IsLetIn()
    {
        var tenant = await platform.NewTenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/credits");
        request.Headers.TryAddWithoutValidation("Authorization", $"bEARER {tenant.Secret}");

        using var response = await platform.Anonymous.SendAsync(request);

        response.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Get_KeyInTheWrongScheme_Is401()
    {
        var tenant = await platform.NewTenantAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/credits");
        request.Headers.TryAddWithoutValidation("Authorization", $"Token {tenant.Secret}");

        using var response = await platform.Anonymous.SendAsync(request);

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Fact]
    public async Task Get_TwoAuthorizationHeaders_Is401()
    {
        var tenant = await platform.NewTenantAsync();
        var answer = await RawHttp.SendAsync(
            platform.Address,
            $"GET /v1/credits HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {tenant.Secret}\r\nAuthorization: Bearer {tenant.Secret}\r\nConnection: close\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 401");
    }

    [Fact]
    public async Task Get_RevokedKey_Is401WithinTwoSeconds()
    {
        var tenant = await platform.NewTenantAsync();
        await tenant.GetJsonAsync("/v1/credits");
        await Tenants.RevokeKeyAsync(new(tenant.Id), tenant.KeyId, Time.GetUtcNow(), CancellationToken.None);

        // A key that was just used is trusted for a second more.
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var response = await tenant.Client.GetAsync("/v1/credits", deadline.Token);
        while (response.IsSuccessStatusCode)
        {
            response.Dispose();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            response = await tenant.Client.GetAsync("/v1/credits", deadline.Token);
        }

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "key_disabled");
        response.Dispose();
    }

    [Fact]
    public async Task Get_ExpiredKey_Is401()
    {
        var tenant = await platform.NewTenantAsync();
        const string Secret = "sk-this-key-has-expired-0001";
        await Tenants.AddKeyAsync(
            new()
            {
                Id = "key_expired_0001",
                Tenant = new(tenant.Id),
                Name = "Expired",
                SecretHash = KeySecret.Hash(Secret),
                CreatedAt = Time.GetUtcNow().AddDays(-2),
                ExpiresAt = Time.GetUtcNow().AddSeconds(-1),
            },
            CancellationToken.None);
        using var client = platform.NewClient(Secret);

        using var response = await client.GetAsync("/v1/credits");

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "key_expired");
    }

    [Fact]
    public async Task Get_SuspendedTenant_Is403()
    {
        const string Secret = "sk-this-tenant-is-suspended-0001";
        var id = new TenantId("ten_suspended0001");
        await Tenants.AddTenantAsync(
            new() { Id = id, Name = "Suspended", Status = TenantStatus.Suspended, CreatedAt = Time.GetUtcNow() }, CancellationToken.None);
        await Tenants.AddKeyAsync(
            new() { Id = "key_suspended_0001", Tenant = id, Name = "Key", SecretHash = KeySecret.Hash(Secret), CreatedAt = Time.GetUtcNow() },
            CancellationToken.None);
        using var client = platform.NewClient(Secret);

        using var response = await client.GetAsync("/v1/credits");

        await response.ShouldBeErrorAsync(HttpStatusCode.Forbidden, "user_disabled");
    }

    [Fact]
    public async Task Operator_TenantsKey_Is401()
    {
        var tenant = await platform.NewTenantAsync();

        using var response = await tenant.PostAsync("/admin/v1/tenants", """{"name":"Mine"}""");

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }

    [Fact]
    public async Task Tenant_OperatorsKey_Is401()
    {
        using var client = platform.NewClient(TestPlatform.AdminKey);

        using var response = await client.GetAsync("/v1/credits");

        await response.ShouldBeErrorAsync(HttpStatusCode.Unauthorized, "invalid_api_key");
    }
}
