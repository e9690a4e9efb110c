using ScrapeGuard.Tool;

return await ToolCommand.Create(TimeProvider.System).Parse(args).InvokeAsync();
