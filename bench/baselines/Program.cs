using Platform.Baselines;

// What the bench compares the platform with. Each is started by the bench, which speaks to it over its standard input and output.
switch (args)
{
    case ["sqlite", var file]:
        AcceptOnSqlite.Serve(file, Console.In, Console.Out);
        return 0;

    case ["get", var url, var body]:
        await SameBytes.ServeAsync(url, await File.ReadAllBytesAsync(body));
        return 0;

    default:
        await Console.Error.WriteLineAsync("Usage: baselines sqlite FILE | baselines get URL BODY-FILE");
        return 2;
}
