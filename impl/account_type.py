"""Whether linking speaks of one account type throughout.

The container's type is covered by no HMAC and no signature, yet `pair.go` of tulir/whatsmeow chooses the HMAC's prefix
by it, and the prefix of the account signature by the device type inside, without comparing the two.
"""

from impl.refusal import Refused
from impl.wire.adv import AccountType, DeviceIdentity


def check_account_type(container: AccountType, identity: DeviceIdentity) -> None:
    """Refuses "account_type" unless container, account and device are all hosted or all end-to-end encrypted.

    The container is what the identity came in or with: that of linking, or the signed list of its account.
    What agrees on being hosted is not accepted by that: `impl.attestation` knows no prefix of hosted accounts.
    """
    if not container == identity.account_type == identity.device_type:
        raise Refused(
            "account_type",
            f"a container or list of type {container.name} for an account of type {identity.account_type.name} "
            f"and a device of type {identity.device_type.name}",
        )
