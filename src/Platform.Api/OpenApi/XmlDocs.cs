using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Platform.Api.OpenApi;

/// <summary>
/// The documentation comments of an assembly, as Markdown: what is written at a wire type for maintainers is what callers read. The
/// compiler leaves them in a file beside the assembly; without it the document lacks descriptions and is otherwise the same.
/// </summary>
internal sealed class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocs(Dictionary<string, XElement> members) => _members = members;

    public static XmlDocs Of(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        return new(File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal)
            : []);
    }

    /// <summary>What a type is, or null.</summary>
    public string? Summary(Type type) => Text(Find($"T:{type.FullName}")?.Element("summary"));

    /// <summary>What a property is, or null: by its own comment, or by that of the record's parameter.</summary>
    public string? Summary(Type type, string property) =>
        Text(Find($"P:{type.FullName}.{property}")?.Element("summary"))
        ?? Text(Find($"T:{type.FullName}")?.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == property));

    private XElement? Find(string member) => _members.GetValueOrDefault(member);

    private static string? Text(XElement? comment)
    {
        if (comment is null)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var node in comment.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "para" } paragraph => Text(paragraph),
                XElement other => Named(other),
                _ => "",
            });
        }

        return string.Join(' ', text.ToString().Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    // <see cref="P:…Name"/>, <paramref name="Name"/>: the last name, as it stands on the wire.
    private static string Named(XElement reference)
    {
        var name = (reference.Attribute("cref") ?? reference.Attribute("name"))?.Value.Split('.', ':')[^1] ?? reference.Value;
        return $"`{System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name)}`";
    }
}
