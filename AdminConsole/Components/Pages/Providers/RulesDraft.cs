using AdminConsole.Core.Contracts;

namespace AdminConsole.Components.Pages.Providers;

/// <summary>An edited rule. A new one is blank.</summary>
public sealed class RuleDraft
{
    public string Group { get; set; } = "";

    public string Role { get; set; } = "";

    /// <summary>Returns why the rule can't be saved; null if it can.</summary>
    public string? Problem =>
        IsBlank ? null
        : string.IsNullOrWhiteSpace(Group) ? "Enter the group."
        : string.IsNullOrWhiteSpace(Role) ? "Choose a role."
        : null;

    /// <summary>True if nothing is entered. Blank rules aren't saved.</summary>
    public bool IsBlank => string.IsNullOrWhiteSpace(Group) && string.IsNullOrWhiteSpace(Role);
}

/// <summary>The unsaved rules of an identity provider.</summary>
public sealed class RulesDraft
{
    private readonly List<RuleDraft> rules = [];

    public string Mode { get; set; } = RuleModes.Adds;

    public IReadOnlyList<RuleDraft> Rules => rules;

    public static RulesDraft Of(GroupRules saved)
    {
        var draft = new RulesDraft { Mode = saved.Mode };
        draft.rules.AddRange(saved.Rules.Select(rule => new RuleDraft { Group = rule.Group, Role = rule.Role }));
        return draft;
    }

    /// <summary>Adds a blank rule and returns it.</summary>
    public RuleDraft Add()
    {
        var rule = new RuleDraft();
        rules.Add(rule);
        return rule;
    }

    public void Remove(RuleDraft rule) => rules.Remove(rule);

    /// <summary>Returns the first rule that can't be saved; null if there is none.</summary>
    public RuleDraft? FirstWrong() => rules.Find(rule => rule.Problem is not null);

    /// <summary>Returns the number of rules that differ, plus one if the mode does. A changed rule counts once.</summary>
    public int ChangesTo(GroupRules saved)
    {
        var now = ToRequest().Rules;
        return (Mode == saved.Mode ? 0 : 1) + Math.Max(now.Except(saved.Rules).Count(), saved.Rules.Except(now).Count());
    }

    public GroupRules ToRequest() =>
        new()
        {
            Mode = Mode,
            Rules = [.. rules.Where(rule => !rule.IsBlank).Select(rule => new GroupRule(rule.Group.Trim(), rule.Role.Trim()))],
        };
}
