"""All screens. What stands earlier answers first."""

from app.pages import (
    calendar_file,
    chart,
    child,
    delete,
    dose,
    doses,
    entry,
    family,
    home,
    mail,
    menu,
    mydata,
    password,
    plan,
    postpone,
    printed,
    record,
    register,
    signin,
    terms,
    trial,
    why,
)

SCREENS = tuple(
    screen.router
    for screen in (
        home,
        chart,
        entry,
        dose,
        doses,
        record,
        postpone,
        plan,
        why,
        terms,
        register,
        signin,
        password,
        child,
        menu,
        mail,
        family,
        mydata,
        delete,
        printed,
        calendar_file,
        trial,
    )
)
