from itertools import product

import pytest

from impl.account_type import check_account_type
from impl.refusal import Refused
from impl.wire.adv import AccountType, DeviceIdentity


@pytest.mark.parametrize("kind", AccountType)
def test_one_type_throughout(kind: AccountType) -> None:
    check_account_type(kind, DeviceIdentity(1, 2, 3, kind, kind))


@pytest.mark.parametrize(
    ("container", "account", "device"), [each for each in product(AccountType, repeat=3) if len(set(each)) > 1]
)
def test_types_that_disagree(container: AccountType, account: AccountType, device: AccountType) -> None:
    with pytest.raises(Refused) as refusal:
        check_account_type(container, DeviceIdentity(1, 2, 3, account, device))
    assert refusal.value.check == "account_type"
