using MudBlazor;

namespace AdminConsole.Components.Theme;

/// <summary>
/// The colors, typography and sizes of the console. The browser loads them as <c>theme.css</c> and
/// <c>theme-dark.css</c> of <c>wwwroot-assets/css</c>, which a test compares with this theme. <c>MudThemeProvider</c>
/// isn't used, because it sets its variables only after the circuit has started.
/// </summary>
public static class ConsoleTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"];

    public static MudTheme Value { get; } =
        new()
        {
            PaletteLight = Light(),
            PaletteDark = Dark(),
            LayoutProperties = new LayoutProperties
            {
                AppbarHeight = "48px",
                DefaultBorderRadius = "6px",
                DrawerWidthLeft = "232px",
                DrawerMiniWidthLeft = "56px",
            },
            Typography = new Typography
            {
                Default = new DefaultTypography
                {
                    FontFamily = Fonts,
                    FontSize = "14px",
                    LineHeight = "20px",
                    LetterSpacing = "normal",
                },
                Body1 = new Body1Typography
                {
                    FontFamily = Fonts,
                    FontSize = "14px",
                    LineHeight = "20px",
                    LetterSpacing = "normal",
                },
                Body2 = new Body2Typography
                {
                    FontFamily = Fonts,
                    FontSize = "13px",
                    LineHeight = "20px",
                    LetterSpacing = "normal",
                },
                Button = new ButtonTypography
                {
                    FontFamily = Fonts,
                    FontSize = "13px",
                    LineHeight = "20px",
                    FontWeight = "500",
                    LetterSpacing = "normal",
                    TextTransform = "none",
                },
                H4 = new H4Typography
                {
                    FontFamily = Fonts,
                    FontSize = "28px",
                    LineHeight = "36px",
                    FontWeight = "600",
                    LetterSpacing = "normal",
                },
                H5 = new H5Typography
                {
                    FontFamily = Fonts,
                    FontSize = "20px",
                    LineHeight = "28px",
                    FontWeight = "600",
                    LetterSpacing = "normal",
                },
                H6 = new H6Typography
                {
                    FontFamily = Fonts,
                    FontSize = "16px",
                    LineHeight = "24px",
                    FontWeight = "600",
                    LetterSpacing = "normal",
                },
                Caption = new CaptionTypography
                {
                    FontFamily = Fonts,
                    FontSize = "12px",
                    LineHeight = "16px",
                    LetterSpacing = "normal",
                },
            },
        };

    private static PaletteLight Light() =>
        new()
        {
            Background = "#F7F8FA",
            BackgroundGray = "#EEF0F4",
            Surface = "#FFFFFF",
            AppbarBackground = "#FFFFFF",
            AppbarText = "#171A21",
            DrawerBackground = "#FFFFFF",
            DrawerText = "#171A21",
            DrawerIcon = "#4D5566",
            TextPrimary = "#171A21",
            TextSecondary = "#4D5566",
            TextDisabled = "#626B7D",
            ActionDefault = "#4D5566",
            ActionDisabled = "#626B7D",
            ActionDisabledBackground = "#EEF0F4",
            LinesDefault = "#DFE3EA",
            LinesInputs = "#868FA0",
            TableLines = "#DFE3EA",
            TableHover = "#EEF0F4",
            TableStriped = "#F7F8FA",
            Divider = "#DFE3EA",
            DividerLight = "#DFE3EA",
            Primary = "#4340D2",
            PrimaryDarken = "#3734B0",
            PrimaryContrastText = "#FFFFFF",
            Secondary = "#4D5566",
            SecondaryContrastText = "#FFFFFF",
            Success = "#0F7340",
            SuccessContrastText = "#FFFFFF",
            Warning = "#8A5300",
            WarningContrastText = "#FFFFFF",
            Error = "#BC1C21",
            ErrorContrastText = "#FFFFFF",
            Info = "#0B5CAD",
            InfoContrastText = "#FFFFFF",
            Dark = "#171A21",
            DarkContrastText = "#FFFFFF",
            OverlayDark = "rgba(15,17,22,0.5)",
        };

    private static PaletteDark Dark() =>
        new()
        {
            Background = "#0F1116",
            BackgroundGray = "#0B0D11",
            Surface = "#171A21",
            AppbarBackground = "#171A21",
            AppbarText = "#E8EAEF",
            DrawerBackground = "#171A21",
            DrawerText = "#E8EAEF",
            DrawerIcon = "#AEB5C2",
            TextPrimary = "#E8EAEF",
            TextSecondary = "#AEB5C2",
            TextDisabled = "#8F97A6",
            ActionDefault = "#AEB5C2",
            ActionDisabled = "#8F97A6",
            ActionDisabledBackground = "#1F232C",
            LinesDefault = "#2B303B",
            LinesInputs = "#6C7587",
            TableLines = "#2B303B",
            TableHover = "#1F232C",
            TableStriped = "#171A21",
            Divider = "#2B303B",
            DividerLight = "#2B303B",
            Primary = "#A3A1FF",
            PrimaryDarken = "#C9C8FF",
            PrimaryContrastText = "#171A21",
            Secondary = "#AEB5C2",
            SecondaryContrastText = "#171A21",
            Success = "#5FCF92",
            SuccessContrastText = "#171A21",
            Warning = "#F0B752",
            WarningContrastText = "#171A21",
            Error = "#FF8A84",
            ErrorContrastText = "#171A21",
            Info = "#79B8FF",
            InfoContrastText = "#171A21",
            Dark = "#1F232C",
            DarkContrastText = "#E8EAEF",
            OverlayDark = "rgba(0,0,0,0.6)",
        };
}
