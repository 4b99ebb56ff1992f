using AdminConsole.Cli;

return await Adminctl.RunAsync(args);
