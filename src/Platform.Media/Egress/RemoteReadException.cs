namespace Platform.Media.Egress;

/// <summary>
/// A body could not be read to its end: the server stopped, sent too slowly, or changed the file meanwhile. An exception because
/// it must pass through code that only knows <see cref="Stream"/>; whoever opened the stream catches it. The message is a
/// sentence for whoever gave the URL.
/// </summary>
#pragma warning disable CA1032, CA1064, RCS1194 // Internal, made here and caught here: the standard constructors would have no user.
internal sealed class RemoteReadException(string message, Exception? inner = null) : IOException(message, inner);
#pragma warning restore CA1032, CA1064, RCS1194
