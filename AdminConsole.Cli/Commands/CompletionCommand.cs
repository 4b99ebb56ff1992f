using System.CommandLine;

namespace AdminConsole.Cli.Commands;

/// <summary>Prints scripts that let shells complete commands by calling this program.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # adminctl completion for bash: source <(adminctl completion bash)
        _adminctl() {
            local line="${COMP_LINE:0:COMP_POINT}"
            line="${line#"${COMP_WORDS[0]}"}"
            line="${line# }"
            mapfile -t COMPREPLY < <("$1" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o default -F _adminctl adminctl
        """;

    private const string Zsh = """
        #compdef adminctl
        # adminctl completion for zsh: source <(adminctl completion zsh), after compinit
        _adminctl() {
            local line="${(j: :)words[2,CURRENT]}"
            local -a found
            found=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
            compadd -a found
        }
        compdef _adminctl adminctl
        """;

    private const string Fish = """
        # adminctl completion for fish: adminctl completion fish | source
        function __adminctl_complete
            set -l line (string join ' ' -- (commandline -opc)[2..] (commandline -ct))
            adminctl "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c adminctl -f -a '(__adminctl_complete)'
        """;

    private const string PowerShell = """
        # adminctl completion for PowerShell: adminctl completion powershell | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName adminctl -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $line = $commandAst.ToString()
            $line = $line.PadRight($cursorPosition).Substring(0, $cursorPosition)
            $line = ($line -replace '^\S+ ?', '')
            adminctl "[suggest:$($line.Length)]" "$line" 2>$null | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or powershell." }.AcceptOnlyFromAmongShells();
        return new Command("completion", "Print a script that completes commands in your shell.") { shell }.SetHandler(run =>
        {
            run.Terminal.Print(
                run.Get(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "fish" => Fish,
                    _ => PowerShell,
                }
            );
            return Task.CompletedTask;
        });
    }

    private static Argument<string> AcceptOnlyFromAmongShells(this Argument<string> shell)
    {
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");
        return shell;
    }
}
