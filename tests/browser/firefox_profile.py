"""What a Firefox under test is told before it starts: to ask nothing of anybody but the server under test."""

from __future__ import annotations

import json
from pathlib import Path

Prefs = dict[str, bool | int | str]

# Nobody listens on port 9. What is meant for any other machine goes there and is refused, without looking up its name.
NOBODY = "127.0.0.1"
AT_HOME: Prefs = {
    "network.proxy.type": 1,
    "network.proxy.http": NOBODY,
    "network.proxy.http_port": 9,
    "network.proxy.ssl": NOBODY,
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "",
    "network.proxy.allow_hijacking_localhost": False,
    "network.proxy.failover_direct": False,
    "network.trr.mode": 5,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "network.http.speculative-parallel-limit": 0,
}

# Each of these would ask somebody for something by itself; with the proxy alone they would only knock in vain.
QUIET: Prefs = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "app.update.background.enabled": False,
    "app.update.disabledForTesting": True,
    "app.shield.optoutstudies.enabled": False,
    "browser.contentblocking.features.standard": "",
    "browser.discovery.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.newtabpage.activity-stream.feeds.system.topstories": False,
    "browser.newtabpage.activity-stream.feeds.topsites": False,
    "browser.newtabpage.activity-stream.asrouter.providers.cfr": "",
    "browser.newtabpage.activity-stream.asrouter.providers.message-groups": "",
    "browser.newtabpage.activity-stream.asrouter.providers.messaging-experiments": "",
    "browser.newtabpage.activity-stream.asrouter.providers.onboarding": "",
    "browser.region.network.url": "",
    "browser.region.update.enabled": False,
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.safebrowsing.provider.google.updateURL": "",
    "browser.safebrowsing.provider.google4.updateURL": "",
    "browser.safebrowsing.provider.google5.enabled": False,
    "browser.safebrowsing.provider.google5.updateURL": "",
    "browser.safebrowsing.provider.mozilla.updateURL": "",
    "browser.search.suggest.enabled": False,
    "browser.search.update": False,
    "browser.topsites.contile.enabled": False,
    "browser.urlbar.suggest.searches": False,
    "captivedetect.canonicalURL": "",
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.usage.uploadEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.blocklist.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "geo.provider.network.url": "",
    "media.gmp-manager.updateEnabled": False,
    "media.gmp-manager.url": "",
    "messaging-system.rsexperimentloader.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "nimbus.telemetry.targetingContextEnabled": False,
    "services.settings.server": "data:,nothing/v1",
    "toolkit.telemetry.archive.enabled": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
    "toolkit.telemetry.unified": False,
}

# No page but the one under test comes up, and nothing waits for somebody to answer.
NO_WELCOME: Prefs = {
    "browser.aboutwelcome.enabled": False,
    "browser.aboutConfig.showWarning": False,
    "browser.sessionstore.resume_from_crash": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.couldRestoreSession.count": -1,
    "browser.startup.homepage": "about:blank",
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "browser.tabs.warnOnClose": False,
    "browser.warnOnQuit": False,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "startup.homepage_welcome_url": "",
    "startup.homepage_welcome_url.additional": "",
    "termsofuse.bypassNotification": True,
    "toolkit.startup.max_resumed_crashes": -1,
    "trailhead.firstrun.didSeeAboutWelcome": True,
}

# Without the first, a released Firefox keeps to its maker's address for remote settings, whatever the profile says.
ENVIRONMENT = {"MOZ_REMOTE_SETTINGS_DEVTOOLS": "1", "MOZ_CRASHREPORTER_DISABLE": "1", "MOZ_HEADLESS": "1"}


def write_profile(folder: Path, prefs: Prefs) -> None:
    """A profile that Firefox can start with; what a test wants differently comes last and holds."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {**AT_HOME, **QUIET, **NO_WELCOME, **prefs}
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items()]
    (folder / "user.js").write_text("".join(lines))
