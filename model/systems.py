"""The compositions: which modules make up which protocol."""

from __future__ import annotations

from model.accounts import Accounts
from model.appstate import AppState
from model.backup import Backups
from model.calls import Calls
from model.codes import Codes
from model.compromise import Compromise
from model.demand import Demand
from model.devicelist import DeviceLists
from model.ephemeral import Ephemeral
from model.fanout import Fanout
from model.freshness import Freshness
from model.groups import Groups
from model.history import History
from model.identities import Identities
from model.language import System
from model.linking import Linking
from model.pairings import Pairings
from model.receipts import Receipts
from model.renewals import Renewals
from model.retry import Retries
from model.sessions import Sessions
from model.state_loss import StateLoss
from model.tethered import Tethered

MULTI_DEVICE = System(
    "multi_device",
    Accounts,
    DeviceLists,
    Linking,
    Fanout,
    History,
    Compromise,
    Groups,
    AppState,
    Ephemeral,
    Calls,
    Backups,
    Sessions,
    Identities,
    Receipts,
    Retries,
    Freshness,
    Codes,
    Pairings,
    Renewals,
    StateLoss,
    Demand,
)
TETHERED = System("tethered", *MULTI_DEVICE.modules, Tethered)
SYSTEMS = {system.name: system for system in [MULTI_DEVICE, TETHERED]}
