#!/bin/sh
# Installs adminctl, the command line of an AdminConsole, for the current user: to ~/.local/bin or $ADMINCONSOLE_INSTALL_DIR, without root.
# Everything is in one function that the last line calls, so a download that is cut off does nothing.
adminctl_install() {
    set -eu
    server=@SERVER@
    package_version='@PACKAGE_VERSION@'
    package_sum='@PACKAGE_SUM@'

    say() { printf '%s\n' "$*" >&2; }
    fail() { say "adminctl: $*"; exit 1; }
    has() { command -v "$1" >/dev/null 2>&1; }

    fetch() {
        if has curl; then
            curl -fsSL -o "$2" "$1" </dev/null || fail "Could not download $1"
        elif has wget; then
            wget -q -O "$2" "$1" </dev/null || fail "Could not download $1"
        else
            fail 'This needs curl or wget.'
        fi
    }

    sum_of() {
        if has sha256sum; then
            sha256sum "$1"
        elif has shasum; then
            shasum -a 256 "$1"
        elif has openssl; then
            openssl dgst -sha256 -r "$1"
        else
            fail 'This needs sha256sum, shasum or openssl, to check the download.'
        fi
    }

    check() {
        actual=$(sum_of "$1" | cut -d ' ' -f 1)
        [ "$actual" = "$2" ] || fail "The download is not what the server announced (SHA-256 $actual instead of $2). Nothing is installed."
    }

    [ -n "${HOME:-}" ] || fail 'HOME is not set.'
    os=$(uname -s | tr '[:upper:]' '[:lower:]')
    arch=$(uname -m)
    case $os in
        darwin) os=macos ;;
        mingw* | msys* | cygwin*) os=windows ;;
        linux) if ls /lib/ld-musl-* >/dev/null 2>&1; then os=linux-musl; fi ;;
    esac
    case $arch in
        x86_64 | amd64) arch=x64 ;;
        aarch64) arch=arm64 ;;
    esac
    case $os-$arch in
        @BUILDS@
        *) sum= ;;
    esac

    folder=${ADMINCONSOLE_INSTALL_DIR:-$HOME/.local/bin}
    mkdir -p "$folder"
    work=$(mktemp -d "$folder/.adminctl.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM

    if [ -n "$sum" ]; then
        say "Downloading adminctl for $os-$arch from $server"
        fetch "${server}cli/download?os=$os&arch=$arch" "$work/adminctl"
        check "$work/adminctl" "$sum"
        chmod 755 "$work/adminctl"
        mv -f "$work/adminctl" "$folder/adminctl"
    elif [ -n "$package_sum" ] && has dotnet; then
        say "Installing adminctl as a .NET tool, since $server carries no build for $os-$arch"
        fetch "${server}cli/download?os=any&arch=any" "$work/AdminConsole.Cli.$package_version.nupkg"
        check "$work/AdminConsole.Cli.$package_version.nupkg" "$package_sum"
        dotnet tool uninstall --tool-path "$folder" AdminConsole.Cli </dev/null >/dev/null 2>&1 || true
        dotnet tool install --tool-path "$folder" --source "$work" --version "$package_version" AdminConsole.Cli </dev/null >&2 || fail 'The .NET tool could not be installed.'
    else
        fail "The server carries no build for $os-$arch. With .NET 10 installed, this installs the .NET tool instead."
    fi

    config=${XDG_CONFIG_HOME:-}
    case $config in
        /*) ;;
        *) config=$HOME/.config ;;
    esac
    (
        umask 077
        mkdir -p "$config/adminconsole"
        printf '%s\n' "$server" >"$config/adminconsole/server"
    )
    "$folder/adminctl" completion bash </dev/null >/dev/null || fail "$folder/adminctl does not run on this machine."

    say "Installed: $folder/adminctl"
    case ":${PATH:-}:" in
        *":$folder:"*) say 'Sign in: adminctl login' ;;
        *)
            say "$folder is not in your PATH. Add it:  export PATH=\"$folder:\$PATH\""
            say 'Then sign in: adminctl login'
            ;;
    esac
}
adminctl_install "$@"
