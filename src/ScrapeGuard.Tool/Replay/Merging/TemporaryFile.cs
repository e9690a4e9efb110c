namespace ScrapeGuard.Tool.Replay.Merging;

/// <summary>A file for what does not fit into memory. It is gone when it is closed, and when the process ends, however it does.</summary>
internal static class TemporaryFile
{
    private const int BufferSize = 16 * 1024;

    /// <summary>Opens a new one in the folder for temporary files, for this user alone: logs tell of people.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static Stream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"scrapeguard-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose,
            BufferSize = BufferSize,
        };
        if (OperatingSystem.IsWindows())
            return new FileStream(path, options);
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);

        // Without a name it is gone even when the process is killed.
        File.Delete(path);
        return file;
    }
}
